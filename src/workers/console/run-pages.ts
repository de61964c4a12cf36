import { type CircumstancesOptions, circumstancesOf } from '../../api/circumstances.ts';
import type { ShownDecision } from '../../api/decisions/shown-decisions.ts';
import type { Mappings } from '../../api/mappings.ts';
import { createAccess, warnUnlessServed } from '../../api/server/access.ts';
import { createTraffic } from '../../api/traffic/traffic.ts';
import { opsAccessOf } from '../../config/ops.ts';
import type { Telemetry } from '../../core/ports.ts';
import type { RunPages } from '../supervisor.ts';
import type { Worker } from '../worker.ts';
import { createHeldRun } from './hold-handlers.ts';
import { createRunDecisions } from './run-decisions.ts';
import { factsOfRun } from './run-facts.ts';

export interface RunPagesOptions extends CircumstancesOptions {
  /** `topic:NAME` */
  readonly deadLetters: string;
  readonly mappings: Mappings;
  readonly telemetry: Telemetry;
}

/**
 * The console and the API of a run with workers, on its one ops port. Whoever asks is let in, or not, here; a worker opens no
 * port, and is asked over the channel of its process.
 *
 * @throws ConnectorError `SECRET_MISSING` when `OPS_TOKEN_FILE` can't be read.
 */
export function createRunPages(options: RunPagesOptions): RunPages {
  const { settings, version, mappings, telemetry, now } = options;
  const opsAccess = opsAccessOf(settings);
  const access = createAccess(opsAccess);
  // It counts here and not in the workers, so that nothing of it goes with one of them.
  const traffic = createTraffic({ now });
  const circumstances = circumstancesOf(options, now(), options.deadLetters);
  const held = createHeldRun();
  let workers: () => readonly Worker[] = () => [];
  const decisions = createRunDecisions({ workers: () => workers(), now });

  return {
    begun: held.begin,
    runs: decisions.join,
    news: traffic.hear,
    decision: (stream, decision, worker) => decisions.tell(stream, decision as ShownDecision, worker),
    serve(run) {
      workers = run.workers;
      warnUnlessServed(opsAccess, settings.OPS_HOST, telemetry);
      traffic.start(() => []);
      const factsNow = () => factsOfRun(run, circumstances, traffic);
      return {
        async routes(app) {
          const { serveApi } = await import('../../api/server/serve.ts');
          const { createRunHandlers } = await import('./run-handlers.ts');
          const handlers = createRunHandlers({ run, held, access, mappings, factsNow });
          serveApi(app, { version, access, telemetry, handlers, decisions: ({ query }) => decisions.read(query) });
        },
        async close() {
          traffic.stop();
          decisions.close();
        },
      };
    },
  };
}
