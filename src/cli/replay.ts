import { Command, InvalidArgumentError } from 'commander';
import { describeSettings, readSettings } from '../config/environment.ts';
import { writtenTime } from '../config/written-time.ts';
import type { DeadLetter } from '../core/dead-letter.ts';
import { ConnectorError } from '../core/errors.ts';
import { newReplayCounts, type ReplayCounts } from '../replay/replay-source.ts';
import { createReplay, type Preview, previewReplay, type Replay, type ReplaySetup } from '../replay/replay.ts';
import { chosenDestinations } from './command/chosen.ts';
import { exitWith } from './command/exit.ts';
import { exitCode } from './command/exit-code.ts';
import { failingTooLong } from './command/failing-too-long.ts';
import { keepYoungGenerationSmall, letYoungGenerationGrow } from './command/heap.ts';
import { checkCodes, checkFiles } from './command/replay-usage.ts';
import { shownProgress } from './command/progress.ts';
import { actionsOption, mappingsOption, validDestinations, type MappingsOptions } from './command/mappings-option.ts';
import { rejectWhen } from './command/reject-when.ts';
import { stopSignal } from './command/stop-signal.ts';
import { print, printAside } from './command/print.ts';
import { waitingTooLong } from './command/waiting-too-long.ts';
import { surroundings } from './command/surroundings.ts';

interface ReplayCommandOptions extends MappingsOptions {
  readonly from: string;
  readonly code?: readonly string[];
  readonly destination?: string;
  readonly subscription?: string;
  readonly since?: number;
  readonly until?: number;
  readonly limit: number;
  readonly source?: readonly string[];
  readonly force?: boolean;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

export function replayCommand(): Command {
  return new Command('replay')
    .description('Sends dead letters again, each to the one subscription that failed, and marks those that are done.')
    .addOption(mappingsOption())
    .addOption(actionsOption())
    .option('--from <place>', "topic:NAME or file:PATH (default: the connector's dead-letter topic)", 'topic:')
    .option('--code <codes...>', 'only dead letters with one of these codes')
    .option('--destination <name>', 'only dead letters of this destination')
    .option('--subscription <id>', 'only dead letters of this subscription')
    .option('--since <time>', 'only dead letters written at this time (ISO 8601) or later', time)
    .option('--until <time>', 'only dead letters written before this time', time)
    .option('--limit <count>', 'at most this many dead letters', count, Number.POSITIVE_INFINITY)
    .option('--source <files...>', 'file:PATH that was read with run --source: dead letters about audiences need it')
    .option('--force', 'replay changes of audiences also where nobody can tell what came after them')
    .option('--dry-run', 'show what would be sent; send and mark nothing')
    .option('--json', 'a line of JSON per dead letter with --dry-run, and the totals as JSON')
    .addHelpText('after', `\nEnvironment variables:\n${describeSettings()}`)
    .action(async (options: ReplayCommandOptions) => {
      keepYoungGenerationSmall();
      checkFiles('--from', [options.from]);
      checkFiles('--source', options.source ?? []);
      for (const warning of checkCodes(codesOf(options))) printAside(`warning: ${warning}`);
      const destinations = await validDestinations(options);
      // What the mappings don't have can't be replayed, and a replay of nothing would look like success.
      chosenDestinations(destinations, options);
      const setup: ReplaySetup = {
        settings: readSettings(surroundings().environment),
        destinations,
        deadLetters: options.from,
        matches: matcher(options),
        limit: options.limit,
        sources: options.source ?? [],
        force: options.force === true,
      };
      letYoungGenerationGrow();
      exitWith(options.dryRun === true ? await preview(setup, options) : await replay(setup, options));
    });
}

function codesOf({ code = [] }: ReplayCommandOptions): readonly string[] {
  return code.flatMap((list) => list.split(','));
}

function matcher(options: ReplayCommandOptions) {
  const { code, destination, subscription, since, until } = options;
  const codes = code === undefined ? undefined : new Set(codesOf(options));
  return (deadLetter: DeadLetter): boolean =>
    (codes === undefined || codes.has(deadLetter.failure.code)) &&
    (destination === undefined || deadLetter.destination === destination) &&
    (subscription === undefined || deadLetter.subscription === subscription) &&
    (since === undefined || deadLetter.at >= since) &&
    (until === undefined || deadLetter.at < until);
}

async function preview(setup: ReplaySetup, { json }: ReplayCommandOptions): Promise<number> {
  const counts = newReplayCounts();
  for await (const shown of previewReplay(setup, counts)) {
    print(json === true ? JSON.stringify(previewLine(shown)) : previewText(shown));
  }
  printAside(`would replay ${counts.replayed} of ${counts.read} letters${leftOut(counts)}; nothing was sent or marked`);
  return exitCode.done;
}

function previewLine({ deadLetter, status, body, changes, failure }: Preview) {
  const { record, destination, subscription, replayCount = 0 } = deadLetter;
  const { topic, partition, offset, event } = record;
  const of = event === undefined ? {} : { event_index: event.index };
  return {
    letter: {
      topic,
      partition,
      offset,
      ...of,
      destination,
      subscription,
      code: deadLetter.failure.code,
      hops: replayCount,
    },
    status,
    ...(body !== undefined && { event: JSON.parse(body) }),
    ...(changes !== undefined && { changes }),
    ...(failure !== undefined && { error: failure }),
  };
}

function previewText({ deadLetter, status, ...would }: Preview): string {
  const { topic, partition, offset, event } = deadLetter.record;
  const within = event === undefined ? '' : `.${event.index}`;
  const of =
    deadLetter.subscription === undefined ? 'undecodable' : `${deadLetter.destination}/${deadLetter.subscription}`;
  return `${topic}/${partition}@${offset}${within} ${of} ${deadLetter.failure.code} → ${status}: ${wouldText(status, would)}`;
}

function wouldText(
  status: Preview['status'],
  { body, changes, failure }: Omit<Preview, 'deadLetter' | 'status'>,
): string {
  if (status === 'superseded') return 'a later record says what is to become of the person';
  if (failure !== undefined) return `${failure.code}: ${failure.message}`;
  if (changes !== undefined) return `${changes} ${changes === 1 ? 'change of an audience' : 'changes of audiences'}`;
  return body ?? 'no trigger matches it any more';
}

async function replay(setup: ReplaySetup, { json }: ReplayCommandOptions): Promise<number> {
  const running = createReplay(setup);
  const { connector } = running;
  const asked = stopSignal();
  const progress = shownProgress({
    label: 'replaying',
    unit: 'dead letters',
    lines: true,
    ...(Number.isFinite(setup.limit) && { total: setup.limit }),
  });
  const timer = setInterval(
    () => progress.at(running.outcomes.delivered + running.outcomes.failedAgain),
    progressMillis,
  );
  let stuck: unknown;
  let interrupted = true;
  try {
    const started = connector.start().then(() => 'started');
    if ((await Promise.race([started, asked, connector.failed()])) === 'started') {
      const finished = connector.finished().then(() => 'finished');
      interrupted =
        (await Promise.race([
          asked,
          connector.failed(),
          finished,
          blocked(running),
          failingTooLong(connector, failingMillis),
          waitingTooLong(connector, patienceMillis),
        ])) !== 'finished';
    }
  } catch (error) {
    stuck = error;
  } finally {
    clearInterval(timer);
    progress.end();
  }
  const { counts } = running;
  const settled = (await connector.stop()) && counts.marked === counts.replayed + counts.superseded;
  await running.close();
  printAside(totalsText(running));
  if (json === true) print(JSON.stringify({ ...counts, ...running.outcomes, settled }));
  if (stuck !== undefined) throw stuck;
  // What it had not read when it was interrupted isn't counted anywhere.
  return settled && !interrupted && impossible(counts) === 0 ? exitCode.done : exitCode.failed;
}

/** The number of dead letters that were selected and could not be replayed. */
function impossible({ notReplayed }: ReplayCounts): number {
  const { unknown_subscription, value_omitted, group_running, range_gone, source_unknown } = notReplayed;
  return unknown_subscription + value_omitted + group_running + range_gone + source_unknown;
}

const progressMillis = 200;
const checkMillis = 500;

/** Who replays sits there and waits. */
const patienceMillis = 60_000;
/** Longer than it takes to find a single letter that Meta always fails on beside others. */
const failingMillis = 10 * 60_000;

/** Rejects when a lane waits for a person: what isn't delivered is not marked, so that the next replay sends it. */
function blocked({ connector }: Replay): Promise<never> {
  return rejectWhen(() => {
    const [first] = connector.blocked();
    if (first === undefined) return undefined;
    return new ConnectorError('LANE_BLOCKED', `lane ${first.lane} is blocked: ${first.message}`);
  }, checkMillis);
}

function totalsText({ counts, outcomes }: Replay): string {
  const left = counts.replayed - outcomes.delivered - outcomes.failedAgain;
  return `replayed ${counts.replayed} of ${counts.read} letters: ${outcomes.delivered} delivered, ${outcomes.failedAgain} set aside again, ${Math.max(0, left)} not sent${leftOut(counts)}`;
}

function leftOut({ notReplayed, read, selected, superseded }: ReplayCounts): string {
  const refused = 'about audiences refused (--force sends them all the same):';
  const reasons = [
    [superseded, 'about audiences superseded by later records'],
    [read - selected, 'left out by the filters or written twice'],
    [notReplayed.already_replayed, 'replayed before'],
    [notReplayed.too_many_hops, 'failed five times'],
    [notReplayed.value_omitted, 'without their value'],
    [notReplayed.unknown_subscription, 'of a subscription that the mappings no longer have'],
    [notReplayed.group_running, `${refused} the connector's consumer group has members, or its file is in use`],
    [notReplayed.range_gone, `${refused} the source no longer has the records behind them`],
    [notReplayed.source_unknown, `${refused} name their source with --source file:PATH, or KAFKA_BROKERS`],
  ] as const;
  return reasons.flatMap(([number, reason]) => (number > 0 ? [`; ${number} ${reason}`] : [])).join('');
}

function time(text: string): number {
  const millis = writtenTime(text);
  if (millis !== undefined) return millis;
  throw new InvalidArgumentError('must be a time such as 2026-11-22T08:00:00Z');
}

function count(text: string): number {
  const number = Number(text);
  if (/^\d{1,9}$/.test(text) && number >= 1) return number;
  throw new InvalidArgumentError('must be a whole number from 1');
}
