import type { FastifyInstance } from 'fastify';
import type { Metrics } from './metrics.ts';

export interface Readiness {
  /** Why the process is not ready, in words; none: it is. */
  readonly reasons: readonly string[];
  /** What is slower than it could be, in words: it will end by itself. */
  readonly degraded: readonly string[];
}

/** The server, for whoever serves more on the ops port. */
export type OpsApp = FastifyInstance;

export interface OpsServerOptions {
  readonly host: string;
  readonly port: number;
  readonly metrics: Pick<Metrics, 'expose'>;
  readiness(): Readiness | Promise<Readiness>;
  /** False once only a restart can help. Never depends on whether Kafka or Meta can be reached. */
  alive(): boolean;
  /** Serves more; called when somebody first asks for what isn't the state. */
  readonly serve?: ((app: OpsApp) => void | Promise<void>) | undefined;
  /** What isn't the state could not be loaded; the next request tries again. */
  warn(code: string, message: string): void;
}
