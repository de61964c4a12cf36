import { stat } from 'node:fs/promises';
import { Command, InvalidArgumentError } from 'commander';
import type { AudienceRequestSettings } from '../../core/audience.ts';
import { ConnectorError } from '../../core/errors.ts';
import { audienceLaneName } from '../../core/lane-name.ts';
import type { TelemetryEvent } from '../../core/telemetry.ts';
import { type AudienceDetails, audienceDetails } from '../../meta/audiences/audience-details.ts';
import { operationWords } from '../../meta/audiences/audience-status.ts';
import { flagged, notACustomerList } from '../../meta/audiences/directory-failures.ts';
import { type ReplaceResult, replaceAudience } from '../../replace/replace-audience.ts';
import { planReplacement, type ReplacePlan, snapshotOf } from '../../replace/plan.ts';
import { openUserFile, type UserFile } from '../../replace/user-file.ts';
import { type AccessOptions, type AudienceAccess, openAudiences, refusal } from './audiences-access.ts';
import { exitCode } from '../command/exit-code.ts';
import { keepYoungGenerationSmall, letYoungGenerationGrow } from '../command/heap.ts';
import { type Progress, shownProgress } from '../command/progress.ts';
import { checkColumns, columnOverrides, columnWarnings } from './replace-columns.ts';
import { planText, type ReplaceReport, reportOf, resultText, sizeWarning } from './replace-report.ts';
import { confirmed, doubtsAbout } from './replace-consent.ts';
import { stopSignal } from '../command/stop-signal.ts';
import { print, printAside } from '../command/print.ts';
import { exitWhenDone } from '../command/exit.ts';

interface ReplaceCommandOptions extends AccessOptions {
  readonly audience: string;
  readonly file: string;
  readonly columns?: readonly string[];
  readonly pageId?: string;
  readonly appId?: readonly string[];
  readonly maxRejected?: number;
  readonly maxMinutes: number;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
}

/** Meta ends a session after 90 minutes (Meta: Replace users); the last batch must have come before. */
const mostMinutes = 80;

export function replaceCommand(): Command {
  return new Command('replace')
    .description('Replaces all people of an audience by those of a file, in one session of at most 80 minutes.')
    .requiredOption('--file <path>', 'users: .ndjson, or .csv, .txt, .tsv with a header')
    .option('--columns <header=KEY,...>', "what columns are: 'Kundnr=EXTERN_ID'; 'Notes=' leaves one out", gathered)
    .option('--page-id <id>', 'the page of page-scoped user ids (PAGEUID)', digits)
    .option('--app-id <id>', 'an app of app-scoped user ids (APPUID); may be repeated', gatheredDigits)
    .option(
      '--max-rejected <count>',
      'do nothing if more rows can not be sent; -1: never (max_rejected_per_batch)',
      limit,
    )
    .option('--max-minutes <minutes>', 'give up before Meta ends the session', minutes, mostMinutes)
    .option('--yes', 'replace also where more than 10 % of the rows, or half of the audience, would be lost')
    .option('--dry-run', 'read the file, show columns and counts, send nothing')
    .action(async (options: ReplaceCommandOptions) => {
      keepYoungGenerationSmall();
      const notes: Notes = { progress: undefined };
      const access = await openAudiences(options, { emit: (event) => tell(event, notes) });
      letYoungGenerationGrow();
      try {
        exitWhenDone(await replace(access, options, notes));
      } finally {
        await access.close();
      }
    });
}

/** The bar that is there at the moment, over which nothing may be written. */
interface Notes {
  progress: Progress | undefined;
}

async function replace(access: AudienceAccess, options: ReplaceCommandOptions, notes: Notes): Promise<number> {
  const { destination, call } = access;
  const overrides = columnOverrides(options.columns ?? []);
  const file = await openUserFile(options.file, overrides);
  const request = requestOf(options);
  if (file.table !== undefined) checkColumns(file, file.table, destination.settings, request);
  const id = await access.idOf(options.audience);
  const { details } = await access.ask((signal) => audienceDetails(call, destination, id, signal));
  for (const warning of preflight(details)) printAside(`warning: ${warning}`);
  const { valueBased } = details;
  const snapshot = snapshotOf({ settings: destination.settings, request, valueBased, now: Date.now() });

  const plan = await shown(options, notes, 'reading', (await stat(file.path)).size, 'bytes', (at) =>
    planReplacement(file, snapshot, at),
  );
  for (const warning of columnWarnings(file, request, valueBased)) printAside(`warning: ${warning}`);
  if (options.json !== true) printAside(planText(file, plan));
  checkPlan(file, plan, options.maxRejected ?? destination.settings.maxRejectedPerBatch ?? -1);
  const small = sizeWarning(plan.users);
  if (small !== undefined) printAside(`warning: ${small}`);
  const of = { audience: { id, name: details.name }, file, plan };
  const doubts = doubtsAbout(plan, details);
  if (options.dryRun === true) {
    for (const doubt of doubts) printAside(`warning: ${doubt}; this needs --yes`);
    return finish(options, reportOf({ ...of, dryRun: true }), 'nothing was sent');
  }
  await confirmed(doubts, options.yes === true);

  const stop = new AbortController();
  void stopSignal().then(() => stop.abort());
  const rows = plan.replacing.rows + plan.adding.rows;
  const result = await shown(options, notes, 'sending', rows, 'rows', (at) =>
    replaceAudience({
      ...{ call: { ...call, lane: audienceLaneName(id) }, random: Math.random, destination, audienceId: id, request },
      ...{ file, snapshot, plan, signal: stop.signal, progress: at },
      maxMillis: options.maxMinutes * 60_000,
    }),
  );
  return finish(
    options,
    reportOf({ ...of, dryRun: false, result }),
    resultText(plan, result),
    exitOf(options, access, result),
  );
}

/** Too many rows that Meta finds invalid are told when it is over: to stop in the midst would leave a part. */
function exitOf(
  { maxRejected }: ReplaceCommandOptions,
  { destination }: AudienceAccess,
  result: ReplaceResult,
): number {
  const most = maxRejected ?? destination.settings.maxRejectedPerBatch ?? -1;
  const tooMany = most >= 0 && result.invalid > most;
  return result.failure === undefined && !tooMany ? exitCode.done : exitCode.failed;
}

function finish({ json }: AccessOptions, report: ReplaceReport, text: string, code: number = exitCode.done): number {
  if (json === true) print(JSON.stringify(report));
  if (json !== true || code !== exitCode.done) printAside(text);
  return code;
}

/** Shows how far the work is, unless the output is for programs. */
async function shown<T>(
  { json }: AccessOptions,
  notes: Notes,
  label: string,
  total: number,
  unit: string,
  work: (at: (done: number) => void) => Promise<T>,
): Promise<T> {
  if (json === true) return work(() => undefined);
  const bar = shownProgress({ label, total, unit, lines: true });
  notes.progress = bar;
  try {
    return await work(bar.at);
  } finally {
    bar.end();
    notes.progress = undefined;
  }
}

function tell(event: TelemetryEvent, { progress: bar }: Notes): void {
  if (event.kind !== 'retry_scheduled' && event.kind !== 'lane_throttled') return;
  const seconds = Math.ceil(event.waitMillis / 1_000);
  const text = `waiting ${seconds} s: ${event.failure.message} [${event.failure.code}]`;
  if (bar === undefined) printAside(text);
  else bar.note(text);
}

/** Warnings; throws where a replacement can't begin (Meta: Replace users, before you start). */
function preflight({ id, subtype, operation, sizeAtLeast = 0 }: AudienceDetails): readonly string[] {
  if (subtype !== 'CUSTOM') throw refusal(notACustomerList(id, subtype));
  const { code, description } = operation ?? { code: normal, description: '' };
  if (code === flag) throw refusal(flagged(id));
  if (code === replacing) {
    const message = `The audience ${id} is being replaced. Fix: wait until that has ended, 90 minutes after its start at the latest; \`meta-actions audiences sessions --audience ${id}\` shows when it began.`;
    throw new ConnectorError('AUDIENCE_IN_REPLACEMENT', message);
  }
  if (sizeAtLeast >= tooLarge) {
    const message = `The audience ${id} has 100 million people or more, and can't be replaced. Fix: add and remove people in events.`;
    throw new ConnectorError('AUDIENCE_TOO_LARGE', message);
  }
  if (code === normal || code === replaceFailed) return [];
  const { meaning } = operationWords(code, description);
  return [`the audience's status is ${code} (${meaning}); Meta wants it to be 200 (normal) and may refuse`];
}

/** `operation_status` (Meta: Custom audience). */
const normal = 200;
const replacing = 414;
const replaceFailed = 415;
const flag = 471;
const tooLarge = 100_000_000;

function checkPlan(file: UserFile, plan: ReplacePlan, maxRejected: number): void {
  const refused = plan.read - plan.users;
  if (plan.users === 0) {
    const message = `${file.path} has nobody who can be sent; the audience stays as it is`;
    throw new ConnectorError('FILE_NO_USERS', message);
  }
  if (maxRejected >= 0 && refused > maxRejected) {
    const message = `${refused} of ${plan.read} rows can't be sent, and at most ${maxRejected} may be left out; nothing was sent`;
    throw new ConnectorError('TOO_MANY_REJECTED', message);
  }
}

function requestOf({ pageId, appId }: ReplaceCommandOptions): AudienceRequestSettings {
  return { ...(pageId !== undefined && { pageIds: [pageId] }), ...(appId !== undefined && { appIds: appId }) };
}

function gathered(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

function digits(text: string): string {
  if (/^\d{1,20}$/.test(text)) return text;
  throw new InvalidArgumentError('must be a number of at most 20 digits');
}

function gatheredDigits(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, digits(value)];
}

function limit(text: string): number {
  if (/^(-1|\d{1,9})$/.test(text)) return Number(text);
  throw new InvalidArgumentError('must be a whole number, or -1');
}

function minutes(text: string): number {
  const number = Number(text);
  if (text.trim() !== '' && number > 0 && number <= mostMinutes) return number;
  throw new InvalidArgumentError(`must be more than 0 and at most ${mostMinutes}`);
}
