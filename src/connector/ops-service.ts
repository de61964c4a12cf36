import type { ProcessSettings } from '../config/environment.ts';
import type { Metrics } from '../observe/metrics.ts';
import type { OpsApp, OpsServerOptions } from '../observe/ops-options.ts';
import { type OpsServer, startOpsServer } from '../observe/ops-server.ts';
import type { ConnectorInside } from './inside.ts';

/** What is served on the ops port besides how the connector is. */
export interface OpsService {
  /** Adds its routes; called when somebody first asks for what isn't the connector's state. */
  routes(app: OpsApp): void | Promise<void>;
  /** Called when no more requests come. */
  close(): Promise<void>;
}

export interface OpsParts extends Omit<OpsServerOptions, 'host' | 'port' | 'serve' | 'warn'> {
  readonly metrics: Pick<Metrics, 'expose' | 'values'>;
  readonly inside: ConnectorInside;
}

interface OpsServerSettings {
  readonly settings: Pick<ProcessSettings, 'OPS_HOST' | 'OPS_PORT'>;
  serve?(inside: ConnectorInside): OpsService;
}

/** Starts the server of the ops port, and ends with it what is served there. */
export function opsServerFor({ settings, serve }: OpsServerSettings): (parts: OpsParts) => Promise<OpsServer> {
  return async ({ inside, ...parts }) => {
    const service = serve?.(inside);
    try {
      const server = await startOpsServer({
        ...parts,
        host: settings.OPS_HOST,
        port: settings.OPS_PORT,
        serve: service?.routes,
        warn: (code, message) => inside.telemetry.emit({ kind: 'warning', code, message }),
      });
      return { url: server.url, close: () => server.close().finally(() => service?.close()) };
    } catch (error) {
      await service?.close();
      throw error;
    }
  };
}
