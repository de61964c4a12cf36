import { statSync } from 'node:fs';
import { Command, InvalidArgumentError, Option } from 'commander';
import { createApi } from '../api/api.ts';
import { createTrafficNews } from '../api/traffic/news.ts';
import type { Mappings } from '../api/mappings.ts';
import { packageVersion } from '../config/build-info.ts';
import type { LoadedDestinations } from '../config/load.ts';
import { renderProblem } from '../config/problems.ts';
import { systemClock } from '../connector/system-clock.ts';
import { createDeadLetterBrowser, createMembersTopic, deadLetterPlace } from '../connector/endpoints.ts';
import { activeMappings } from './command/active-mappings.ts';
import { chosenDestinations } from './command/chosen.ts';
import { shownProgress } from './command/progress.ts';
import type { Connector } from '../connector/connector-types.ts';
import { createConnector } from '../connector/connector.ts';
import { describeSettings, readSettings } from '../config/environment.ts';
import { validSources } from '../config/sources.ts';
import { parseWorkers } from '../config/workers.ts';
import { waitingTexts } from '../connector/lane-states.ts';
import { ConnectorError } from '../core/errors.ts';
import type { LaneStatus } from '../core/lane-state.ts';
import { changesAudiences, feedsOnlyAudiences } from '../core/subscription.ts';
import type { ConfiguredDestination } from '../config/destination.ts';
import { type OddShape, oddShapeOf } from '../file/source-shape.ts';
import { createLogger } from '../observe/log.ts';
import { fileOf, shapeAdvice, summaryText } from './command/run-summary.ts';
import { exitAtOnce, exitWith } from './command/exit.ts';
import { exitCode } from './command/exit-code.ts';
import { failingTooLong } from './command/failing-too-long.ts';
import { contentOf, type FollowedMappings, followMappings } from './command/follow-mappings.ts';
import { type Held, keepOldGenerationSmall, keepYoungGenerationSmall, letYoungGenerationGrow } from './command/heap.ts';
import {
  actionsOption,
  loadedDestinations,
  mappingsOption,
  type MappingsOptions,
  validDestinations,
} from './command/mappings-option.ts';
import { type HangUps, hearHangUps } from './command/hang-ups.ts';
import { rejectWhen } from './command/reject-when.ts';
import { stopSignal } from './command/stop-signal.ts';
import { waitingTooLong } from './command/waiting-too-long.ts';
import { unreadColumnWarnings } from './command/unread-columns.ts';
import { print } from './command/print.ts';
import { answersSupervisor } from '../workers/console/worker-ops.ts';
import { createWorkerSide, type WorkerSide } from '../workers/worker-side.ts';
import { surroundings } from './command/surroundings.ts';

interface RunOptions extends MappingsOptions {
  readonly source: string;
  readonly once?: boolean;
  readonly deadLetters?: string;
  readonly maxBlocked: number;
  readonly destination?: string;
  readonly failOnDeadLetters?: boolean;
  readonly check?: boolean;
  readonly workers?: number;
  /** This process is the worker of this number. */
  readonly worker?: number;
}

export function runCommand(): Command {
  return new Command('run')
    .description('Runs the connector: from Kafka, or a file of NDJSON, to Meta.')
    .addOption(mappingsOption())
    .addOption(actionsOption())
    .option('--source <source>', 'kafka, file:PATH, or - for stdin', 'kafka')
    .option('--once', 'stop when everything that the source holds is settled')
    .option(
      '--dead-letters <place>',
      'topic:NAME or file:PATH (default: a topic for Kafka, a file beside the source otherwise)',
    )
    .option('--destination <name>', 'only this one, with a consumer group of its own: KAFKA_GROUP_ID-<name>')
    .option('--check', 'look at everything that the run needs, as doctor does, and end')
    .option(
      '--max-blocked <minutes>',
      'with --once: give up when a lane is blocked or gets nothing through, the schema registry is away, or dead letters can not be written, for longer',
      minutes,
      10,
    )
    .option('--workers <number>', 'processes that share the partitions, or auto (default: WORKERS)', workers)
    .addOption(new Option('--worker <number>').argParser(Number).hideHelp())
    .option('--fail-on-dead-letters', 'end with 1 if dead letters were written')
    .addHelpText('after', `\nEnvironment variables:\n${describeSettings()}`)
    .action(async (options: RunOptions) => {
      if (options.check === true) return exitWith(await (await import('./doctor/doctor.ts')).printFindings(options));
      // Before the mappings are read: what changes from then on is to be read again.
      const hangUps = hearHangUps();
      const settings = readSettings(surroundings().environment);
      keepYoungGenerationSmall();
      const { source, deadLetters, destination } = options;
      const log = createLogger(settings.LOG_LEVEL);
      const content = contentOf(options.mappings);
      const side = options.worker === undefined ? undefined : createWorkerSide(process);
      const run = { ...options, workers: options.workers ?? settings.WORKERS };
      const isSupervisor = run.workers > 1 && side === undefined;
      const supervising = isSupervisor ? await import('./run-workers.ts') : undefined;
      supervising?.refuseWorkers(run);
      const destinations = await wantedDestinations(options, log);
      const followed = { everyMillis: settings.MAPPINGS_POLL_MS, path: options.mappings, content };
      const load = () => loadWanted(options, log);
      if (supervising !== undefined) {
        return exitWith(await supervising.runWorkers({ ...run, settings, log, destinations, followed, hangUps, load }));
      }
      const onlyChanges = destinations.some(changesAudiences) && destinations.every(feedsOnlyAudiences);
      const held: Held = onlyChanges ? 'changes' : 'events';
      keepOldGenerationSmall();
      const endpoints = {
        settings,
        source,
        ...(deadLetters !== undefined && { deadLetters }),
        ...(destination !== undefined && { share: destination }),
      };
      const mappings = activeMappings({
        destinations,
        actions: options.actions,
        load,
        connector: () => connector,
      });
      const api = createApi({
        ...{ settings, source, share: destination, mappings, now: Date.now, version: packageVersion() },
        deadLetters: () => deadLetterPlace(endpoints),
        browser: () => createDeadLetterBrowser(endpoints, systemClock),
        membersTopic: () => createMembersTopic(endpoints, systemClock),
      });
      const news = createTrafficNews();
      const connector = createConnector({
        ...endpoints,
        destinations,
        observers: side === undefined ? [api.observer] : [api.observer, news],
        watch: api.watch,
        serve: api.serve,
        ...(side !== undefined && { startOps: answersSupervisor(side, api, news) }),
      });
      side?.answer('reload', async () => (await mappings.reload()).applied);
      const path = fileOf(source);
      const shape = path === undefined ? undefined : await oddShapeOf(path);
      if (path !== undefined) {
        const odd = shape === undefined ? [] : shapeAdvice(path, shape);
        const unread = await unreadColumnWarnings(path, destinations, validSources(settings));
        for (const text of [...odd, ...unread]) log.warn(text);
      }
      const facts = {
        log,
        followed,
        hangUps,
        held,
        ...(shape !== undefined && { shape }),
        ...(side !== undefined && { side }),
      };
      const code = await runUntilEnd(connector, mappings, { ...run, ...facts });
      side?.close();
      exitWith(code);
    });
}

async function wantedDestinations(options: RunOptions, log: Log): Promise<readonly ConfiguredDestination[]> {
  // What is doubtful, the supervisor has said.
  const warn = (problem: string) => (options.worker === undefined ? log.warn(problem) : undefined);
  return chosenDestinations(await validDestinations(options, warn), options);
}

async function loadWanted(options: RunOptions, log: Log): Promise<LoadedDestinations> {
  const loaded = await loadedDestinations(options);
  // What is doubtful, the supervisor has said.
  if (options.worker === undefined) for (const problem of loaded.problems) log.warn(renderProblem(problem));
  return { ...loaded, destinations: chosenDestinations(loaded.destinations, options) };
}

type Log = ReturnType<typeof createLogger>;

interface Run extends RunOptions {
  readonly log: Log;
  readonly followed: FollowedMappings;
  readonly hangUps: HangUps;
  readonly held: Held;
  readonly shape?: OddShape;
  readonly side?: WorkerSide;
}

async function runUntilEnd(connector: Connector, mappings: Mappings, options: Run): Promise<number> {
  const { side } = options;
  const asked = Promise.race([stopSignal(), ...(side === undefined ? [] : [side.asked])]);
  let began = false;
  const progress = options.once === true ? watchProgress(connector, options.source) : undefined;
  try {
    const started = connector.start().then(() => 'started');
    letYoungGenerationGrow(options.held);
    if ((await Promise.race([started, asked, connector.failed()])) === 'started') {
      began = true;
      side?.started();
      // For all workers the supervisor looks at the mappings, and tells them; a terminal that goes tells everybody.
      if (side === undefined) {
        options.hangUps.take(() => mappings.reload());
        followMappings(options.followed, () => mappings.reload());
      }
      const reasonsToStop: Promise<unknown>[] = [asked, connector.failed()];
      if (options.once === true)
        reasonsToStop.push(
          connector.finished(),
          blockedTooLong(connector, options.maxBlocked),
          failingTooLong(connector, options.maxBlocked * 60_000),
          waitingTooLong(connector, options.maxBlocked * 60_000),
        );
      await Promise.race(reasonsToStop);
    } else {
      await connector.stop();
      exitAtOnce(exitCode.done);
      return exitCode.done;
    }
  } catch (error) {
    if (options.once === true) connector.writeDeadLetters();
    const lanes = connector.lanes();
    const clean = await connector.stop();
    if (began) showSummary(connector, clean, lanes, options);
    throw error;
  } finally {
    progress?.end();
  }
  const lanes = connector.lanes();
  const clean = await connector.stop();
  showSummary(connector, clean, lanes, options);
  const failsOnDeadLetters =
    options.failOnDeadLetters === true && Object.keys(connector.totals().deadLetters).length > 0;
  return clean && !failsOnDeadLetters ? exitCode.done : exitCode.failed;
}

const progressMillis = 200;

/** How much of a file is settled, for who waits for it. */
function watchProgress(connector: Connector, source: string): { end(): void } | undefined {
  const path = fileOf(source);
  if (path === undefined) return undefined;
  const total = statSync(path, { throwIfNoEntry: false })?.size;
  const progress = shownProgress({ label: path, unit: 'bytes', ...(total !== undefined && { total }) });
  const timer = setInterval(() => progress.at(connector.partitions()[0]?.committed ?? 0), progressMillis);
  timer.unref();
  return {
    end() {
      clearInterval(timer);
      progress.end();
    },
  };
}

/** For a person; what collects the log of a process that runs on reads the same in its last line. */
function showSummary(
  connector: Connector,
  clean: boolean,
  lanes: readonly LaneStatus[],
  { source, mappings, shape, once }: Run,
): void {
  if (once !== true && !surroundings().stdout.isTTY) return;
  const { deadLetters } = connector;
  const waits = clean ? [] : waitingTexts(lanes, Date.now());
  const end = { source, mappings, totals: connector.totals(), clean, deadLetters, waits };
  print(summaryText({ ...end, ...(shape !== undefined && { shape }) }));
}

/** Blocks that end only when a person has looked at the cause: waiting longer doesn't help. */
const hopeless: ReadonlySet<string> = new Set(['FUSE_BLOWN', 'TOO_MANY_REJECTED']);

/** Rejects when a lane has been blocked for longer than the limit, or for a reason that waiting doesn't remove. */
function blockedTooLong(connector: Connector, limitMinutes: number): Promise<never> {
  return rejectWhen(() => {
    const stuck = connector
      .blocked()
      .find(({ code, forMillis }) => hopeless.has(code) || forMillis >= limitMinutes * 60_000);
    if (stuck === undefined) return undefined;
    const long = hopeless.has(stuck.code) ? '' : ` for more than ${limitMinutes} minutes`;
    return new ConnectorError('LANE_BLOCKED', `lane ${stuck.lane} is blocked${long}: ${stuck.message}`);
  });
}

function workers(text: string): number {
  try {
    return parseWorkers(text);
  } catch (reason) {
    throw new InvalidArgumentError(String(reason));
  }
}

function minutes(text: string): number {
  const number = Number(text);
  if (text.trim() !== '' && number >= 0) return number;
  throw new InvalidArgumentError('must be a number of minutes');
}
