import { escapeMarkup } from '../core/markup.ts';
import type { ComparisonResult } from './comparison.ts';
import type { AudienceDiff } from './members.ts';
import type { Counts, SubscriptionDiff } from './subscription-diff.ts';

/** One difference of a subscription or an audience, in words. */
interface Line {
  readonly of: string;
  readonly what: string;
  readonly old: string;
  readonly new: string;
}

export interface ReportHead {
  readonly old: string;
  readonly new: string;
  readonly events: string;
  /** What is to be known of the history: that a part of it is gone, or wasn't compared. */
  readonly notes: readonly string[];
}

/** What no comparison of configurations can know. */
const caveat =
  'Not known here: what Meta has already or would refuse, which events it would drop because the browser has sent them, and whom an audience holds. People who would be added may be in it, and those who would be removed may not.';

/** What is to be known of the counts. */
function notesOf({ notes }: ReportHead, { notFollowed, notRemembered, ofOthers }: ComparisonResult): readonly string[] {
  return [
    ...notes,
    ...(ofOthers === 0 ? [] : [`${ofOthers} dead letters are of subscriptions that neither side has`]),
    ...(notFollowed === 0
      ? []
      : [`${notFollowed} changes of audiences are of more people or audiences than are followed`]),
    ...(notRemembered === 0
      ? []
      : [`${notRemembered} events are more than are remembered, so duplicates of them are not counted`]),
    caveat,
  ];
}

export function isSame(result: ComparisonResult): boolean {
  return linesOf(result).length === 0;
}

export function asText(head: ReportHead, result: ComparisonResult): string {
  const lines = linesOf(result);
  const shown = lines.map((line) => `  ${line.of}: ${line.what}: ${line.old} -> ${line.new}`);
  const verdict = lines.length === 0 ? ['no difference'] : [`${lines.length} differences`, ...shown];
  const examples = exampleLines(result).map((line) => `    ${line}`);
  return [headLine(head, result), ...verdict, ...examples, ...notesOf(head, result)].join('\n');
}

/** For a pull request. */
export function asMarkdown(head: ReportHead, result: ComparisonResult): string {
  const lines = linesOf(result);
  const rows = lines.map((line) => `| ${[line.of, line.what, line.old, line.new].map(cell).join(' | ')} |`);
  const table = ['| of | what | old | new |', '|---|---|---:|---:|', ...rows];
  const examples = exampleLines(result).map((line) => `- ${cell(line)}`);
  return [
    `**${lines.length === 0 ? 'No difference' : `${lines.length} differences`}** (${cell(headLine(head, result))})`,
    ...(lines.length === 0 ? [] : ['', ...table]),
    ...(examples.length === 0 ? [] : ['', 'Examples (values as fingerprints):', '', ...examples]),
    ...notesOf(head, result).flatMap((note) => ['', `_${cell(note)}_`]),
  ].join('\n');
}

/** A page by itself, without scripts. */
export function asHtml(head: ReportHead, result: ComparisonResult): string {
  const rows = linesOf(result).map(
    (line) =>
      `<tr><td>${escapeMarkup(line.of)}</td><td>${escapeMarkup(line.what)}</td><td class="n">${escapeMarkup(line.old)}</td><td class="n">${escapeMarkup(line.new)}</td></tr>`,
  );
  const examples = exampleLines(result).map((line) => `<li>${escapeMarkup(line)}</li>`);
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>What changes</title>
<style>
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: .35rem .6rem; border-bottom: 1px solid color-mix(in srgb, currentColor 20%, transparent); }
.n { text-align: right; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
p, li { opacity: .85 }
</style></head><body>
<h1>${rows.length === 0 ? 'No difference' : `${rows.length} differences`}</h1>
<p>${escapeMarkup(headLine(head, result))}</p>
${rows.length === 0 ? '' : `<table><thead><tr><th>of</th><th>what</th><th class="n">old</th><th class="n">new</th></tr></thead><tbody>${rows.join('\n')}</tbody></table>`}
${examples.length === 0 ? '' : `<h2>Examples</h2><p>Values as fingerprints.</p><ul>${examples.join('\n')}</ul>`}
${notesOf(head, result)
  .map((note) => `<p>${escapeMarkup(note)}</p>`)
  .join('\n')}
</body></html>
`;
}

/** JSON of everything that was counted. */
export function asJson(head: ReportHead, result: ComparisonResult): string {
  const plain = (value: unknown): unknown => (value instanceof Map ? Object.fromEntries(value) : value);
  return JSON.stringify({ ...head, same: isSame(result), ...result, caveat }, (_key, value) => plain(value), 2);
}

function headLine({ old, new: after, events }: ReportHead, { records, undecodable }: ComparisonResult): string {
  const bad = undecodable === 0 ? '' : `, ${undecodable} of them no events`;
  return `${old} -> ${after}, over ${records} records of ${events}${bad}`;
}

function linesOf({ subscriptions, audiences }: ComparisonResult): readonly Line[] {
  const ofSubscriptions = subscriptions.flatMap((diff) => {
    const of = `${diff.destination}/${diff.subscription}`;
    return differencesOf(diff).map(([what, old, after]) => ({ of, what, old, new: after }));
  });
  const ofAudiences = audiences.flatMap((diff) => {
    const of = `audience ${diff.audience}`;
    return memberRows(diff).map(([what, old, after]) => ({ of, what, old, new: after }));
  });
  return [...ofSubscriptions, ...ofAudiences];
}

/** Each person once, by their last change. */
function memberRows({ added, removed }: AudienceDiff): readonly Row[] {
  return [
    ...when(added.onlyOld > 0, ['people no longer added', String(added.onlyOld), '']),
    ...when(added.onlyNew > 0, ['people added', '', String(added.onlyNew)]),
    ...when(removed.onlyOld > 0, ['people no longer removed', String(removed.onlyOld), '']),
    ...when(removed.onlyNew > 0, ['people removed', '', String(removed.onlyNew)]),
  ];
}

type Row = readonly [what: string, old: string, after: string];

function differencesOf(diff: SubscriptionDiff): readonly Row[] {
  const { old, new: after, gained, lost, changed } = diff;
  return [
    ...when(gained > 0, ['events gained', '', String(gained)]),
    ...when(lost > 0, ['events lost', String(lost), '']),
    ...when(changed > 0, ['events changed', '', String(changed)]),
    ...[...diff.fields].map(([path, { count }]): Row => [`field ${path} changed`, '', String(count)]),
    ...[...diff.deadLettersAppear].map(([code, number]): Row => [`dead letters ${code} appear`, '', String(number)]),
    ...[...diff.deadLettersGo].map(([code, number]): Row => [`dead letters ${code} go`, String(number), '']),
    ...counted('match key', diff.keysLost, diff.keysGained),
    ...counted('audience changes:', old.audience, after.audience),
    ...counted('skipped', old.skipped, after.skipped),
    ...when(old.duplicates !== after.duplicates, ['duplicates', String(old.duplicates), String(after.duplicates)]),
    ...sums(diff),
  ];
}

function when(holds: boolean, row: Row): readonly Row[] {
  return holds ? [row] : [];
}

function counted(what: string, old: Counts, after: Counts): readonly Row[] {
  return [...new Set([...old.keys(), ...after.keys()])].sort().flatMap((key) => {
    const [before, now] = [old.get(key) ?? 0, after.get(key) ?? 0];
    return when(before !== now, [`${what} ${key}`, String(before), String(now)]);
  });
}

/** Sums of money by day and currency, where they differ. */
function sums({ old, new: after }: SubscriptionDiff): readonly Row[] {
  return [...new Set([...old.sums.keys(), ...after.sums.keys()])].sort().flatMap((day) => {
    const [before, now] = [old.sums.get(day)?.value ?? 0, after.sums.get(day)?.value ?? 0];
    return when(money(before) !== money(now), [`value on ${day}`, money(before), money(now)]);
  });
}

function money(value: number): string {
  return value.toFixed(2);
}

function exampleLines({ subscriptions }: ComparisonResult): readonly string[] {
  return subscriptions.flatMap(({ destination, subscription, fields }) =>
    [...fields].flatMap(([path, { examples }]) =>
      examples.map(({ event, before, after }) => {
        const which = event === '' ? '' : ` of event ${event}`;
        return `${destination}/${subscription}: ${path}${which}: ${before} -> ${after}`;
      }),
    ),
  );
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll(/[\r\n]+/g, ' ');
}
