import type { Failure } from '../../core/outcome.ts';
import { keyOfName } from '../../kit/audience/header.ts';
import type { NamedRow, ReplaceResult } from '../../replace/replace-audience.ts';
import type { RefusedUsers, ReplacePlan } from '../../replace/plan.ts';
import type { UserFile } from '../../replace/user-file.ts';
import { headerName } from '../command/header-name.ts';

/** What `audiences replace --json` prints. */
export interface ReplaceReport {
  readonly audience: { readonly id: string; readonly name: string };
  readonly file: string;
  readonly dryRun: boolean;
  /** Those of a table that are sent. */
  readonly columns?: readonly SentColumn[];
  /** Columns of the requests. */
  readonly schema: readonly string[];
  readonly rowsRead: number;
  readonly users: number;
  readonly refused: readonly RefusedUsers[];
  readonly leftOut: Readonly<Record<string, number>>;
  readonly rows: { readonly replacing: number; readonly adding: number };
  readonly sent?: { readonly sessionId: string; readonly replaced: number; readonly added: number };
  readonly invalid?: number;
  readonly named?: readonly { readonly line: number; readonly reason: string }[];
  readonly error?: Pick<Failure, 'code' | 'message' | 'fix'>;
}

interface SentColumn {
  readonly header: string;
  /** Meta's. */
  readonly key: string;
}

export interface ReportParts {
  readonly audience: ReplaceReport['audience'];
  readonly file: UserFile;
  readonly plan: ReplacePlan;
  readonly dryRun: boolean;
  readonly result?: ReplaceResult;
}

/** Meta ends a session that has not had its last batch. */
const sessionMillis = 90 * 60_000;
const maxReasons = 10;

export function reportOf({ audience, file, plan, dryRun, result }: ReportParts): ReplaceReport {
  return {
    audience,
    file: file.path,
    dryRun,
    ...(file.table !== undefined && { columns: sentColumns(file) }),
    schema: plan.replacing.schema,
    rowsRead: plan.read,
    users: plan.users,
    refused: plan.refused,
    leftOut: Object.fromEntries(plan.leftOut),
    rows: { replacing: plan.replacing.rows, adding: plan.adding.rows },
    ...(result !== undefined && {
      sent: { sessionId: result.sessionId, replaced: result.replaced, added: result.added },
      invalid: result.invalid,
      named: result.named.map(({ line, failure }) => ({ line, reason: failure.message })),
      ...(result.failure !== undefined && { error: result.failure }),
    }),
  };
}

function sentColumns({ table, columns }: UserFile): readonly SentColumn[] {
  return [...new Set(table?.header)].flatMap((text) => {
    const name = columns.nameOf(text);
    return name === undefined ? [] : [{ header: headerName(text), key: keyOfName(name) }];
  });
}

export function planText(file: UserFile, plan: ReplacePlan): string {
  const { read, users, replacing, adding, refused, leftOut } = plan;
  const lines = [
    `${users} of ${read} people can be sent, as ${replacing.rows + adding.rows} rows of ${replacing.schema.join(', ')}`,
  ];
  const sent = sentColumns(file).map(({ header, key }) => `${header} as ${key}`);
  if (sent.length > 0) lines.push(`columns: ${sent.join(', ')}`);
  for (const { count, message, code, lines: at } of refused.slice(0, maxReasons)) {
    lines.push(`left out: ${count} ${message} [${code}], ${linesText(at, count)}`);
  }
  if (refused.length > maxReasons) lines.push(`... and ${refused.length - maxReasons} more reasons`);
  for (const [field, count] of leftOut) lines.push(`not usable: ${field} of ${count} people, who go without it`);
  if (adding.rows > 0) {
    lines.push(
      `${adding.rows} rows have no external id, and Meta takes no blank one: they are added when the others have replaced the audience`,
    );
  }
  return lines.join('\n');
}

/** How it ended, and what is left. */
export function resultText(plan: ReplacePlan, result: ReplaceResult): string {
  const lines = [...invalidLines(result)];
  const { failure, replaced, added, received } = result;
  const replacing = plan.replacing.rows;
  if (failure === undefined) {
    const more = plan.adding.rows > 0 ? `, and ${added} were added` : '';
    if (received < replaced) lines.push(`warning: Meta counts ${received} of ${replaced} rows as received`);
    lines.push(`done: ${replaced} rows have replaced the audience${more}; Meta may need some time to match them`);
    return lines.join('\n');
  }
  lines.push(`failed: ${failure.message} [${failure.code}]${failure.fix === undefined ? '' : ` Fix: ${failure.fix}`}`);
  if (replaced === replacing) {
    lines.push(
      `The audience is replaced. Of the ${plan.adding.rows} rows without an external id ${added} were added: start again to have all.`,
    );
  } else if (replaced === 0) lines.push('No row is known to be taken: start again with the same command.');
  else lines.push(`${replaced} of ${replacing} rows were sent. ${untilText(result)}`);
  return lines.join('\n');
}

function untilText({ startedAt }: ReplaceResult): string {
  const end = startedAt === undefined ? 'after 90 minutes' : `at ${timeText(startedAt + sessionMillis)}`;
  return `Meta ends the session ${end}; until then nothing else can change the audience, and then it may hold only what was sent. Start again with the same command after that: it begins anew.`;
}

function* invalidLines({ invalid, named }: ReplaceResult): Generator<string> {
  const reasons = new Map<string, NamedRow[]>();
  for (const row of named) reasons.set(row.failure.message, [...(reasons.get(row.failure.message) ?? []), row]);
  for (const [reason, rows] of [...reasons].slice(0, maxReasons)) {
    const at = rows.slice(0, maxReasons).map(({ line }) => line);
    yield `not taken: ${rows.length}, ${linesText(at, rows.length)}: ${reason}`;
  }
  if (invalid > named.length) {
    yield `not taken: ${invalid - named.length} more that Meta counts and does not name`;
  }
}

/** Meta's own limits, which it doesn't promise. */
export function sizeWarning(users: number): string | undefined {
  if (users < 100) return `${users} people: Meta is unlikely to use an audience of fewer than 100`;
  if (users <= 1_000) return `${users} people: Meta shows the size of such an audience as "<1000"`;
  return undefined;
}

function linesText(lines: readonly number[], count: number): string {
  return `${count === 1 ? 'line' : 'lines'} ${lines.join(', ')}${count > lines.length ? ', …' : ''}`;
}

function timeText(millis: number): string {
  return `${new Date(millis).toISOString().slice(11, 16)} UTC`;
}
