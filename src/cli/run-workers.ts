import { spawn } from 'node:child_process';
import type { Logger } from 'pino';
import { packageVersion } from '../config/build-info.ts';
import type { ConfiguredDestination } from '../config/destination.ts';
import type { ProcessSettings } from '../config/environment.ts';
import type { LoadedDestinations } from '../config/load.ts';
import { deadLetterPlace } from '../connector/endpoints.ts';
import { ConnectorError, messageOf } from '../core/errors.ts';
import { createEventLog, createLogOutlet } from '../observe/log.ts';
import { createRunPages } from '../workers/console/run-pages.ts';
import { createSupervisor, type GivenUp } from '../workers/supervisor.ts';
import { activeMappings } from './command/active-mappings.ts';
import { exitCode } from './command/exit-code.ts';
import { type FollowedMappings, followMappings } from './command/follow-mappings.ts';
import type { HangUps } from './command/hang-ups.ts';
import { stopSignal } from './command/stop-signal.ts';

interface RunShape {
  readonly workers: number;
  readonly source: string;
  readonly once?: boolean;
  readonly deadLetters?: string;
}

export interface WorkersRun extends RunShape {
  readonly settings: ProcessSettings;
  readonly log: Logger;
  readonly destinations: readonly ConfiguredDestination[];
  /** Only this one, with a group of its own. */
  readonly destination?: string;
  readonly actions?: string;
  readonly followed: FollowedMappings;
  readonly hangUps: HangUps;
  /** Reads the mappings again. */
  load(): Promise<LoadedDestinations>;
}

/** What several processes can't do together. */
export function refuseWorkers({ workers, source, once, deadLetters }: RunShape): void {
  const refused = (what: string) => new ConnectorError('USAGE', `--workers ${workers} ${what}`);
  if (source !== 'kafka')
    throw refused(`shares the partitions of a topic: --source ${source} has only one, leave it out`);
  if (once === true) throw refused('runs on: with --once, leave it out');
  if (deadLetters?.startsWith('file:') === true)
    throw refused('would write to one file of dead letters from several processes: use a topic');
}

/** Runs the same command in several processes, members of one group, and ends with what they end with. */
export async function runWorkers(run: WorkersRun): Promise<number> {
  const { settings, log, source, destinations, actions, load } = run;
  const outlet = createLogOutlet();
  const telemetry = { emit: createEventLog(log) };
  const mappings = activeMappings({
    ...{ destinations, actions, load },
    connector: () => ({
      /** Workers read them only if they can be used. */
      async reload(loadNew) {
        try {
          await loadNew();
        } catch (error) {
          const message = messageOf(error);
          if (!(await supervisor.refused(message))) telemetry.emit({ kind: 'config_refused', message });
          return false;
        }
        return supervisor.reload();
      },
    }),
  });
  const facts = { settings, source, share: run.destination, mappings };
  const circumstances = { ...facts, version: packageVersion(), now: Date.now };
  const supervisor = createSupervisor({
    settings,
    workers: run.workers,
    version: circumstances.version,
    log,
    spawn: spawnWorker,
    writeLine: (line) => outlet.write(line),
    pages: createRunPages({ ...circumstances, telemetry, deadLetters: deadLetterPlace(run) }),
    monotonic: () => performance.now(),
  });
  const asked = stopSignal(() => supervisor.kill());
  run.hangUps.take(() => mappings.reload());
  followMappings(run.followed, () => mappings.reload());
  const started = supervisor.start();
  // A worker that never runs is what `gaveUp` tells.
  const ended = await Promise.race([asked, supervisor.gaveUp, started.then(() => undefined)]).then(
    (first) => first ?? Promise.race([asked, supervisor.gaveUp]),
  );
  const code = await supervisor.stop();
  return typeof ended === 'string' ? code : givenUp(ended);
}

/** A configuration that can't be used is what the worker has said; its code is that of the run. */
export function givenUp({ worker, code, ran }: GivenUp): number {
  if (!ran) return code === exitCode.done ? exitCode.failed : code;
  throw new ConnectorError(
    'WORKER_FAILS',
    `worker ${worker} ended soon after each of its last starts, the last time with exit code ${code}: its log lines say why`,
  );
}

/** The C library's threads share what memory it keeps for them, which it reads when a process starts (docs/decisions/0630-one-arena.md). */
const sharedArena = { MALLOC_ARENA_MAX: '1' };

function spawnWorker(number: number) {
  const again = [...process.execArgv, ...process.argv.slice(1), '--worker', String(number)];
  return spawn(process.execPath, again, {
    env: { ...sharedArena, ...process.env },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    serialization: 'advanced',
  });
}
