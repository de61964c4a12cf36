import { hideTokens } from '../config/hide-secrets.ts';
import { isObject, own } from '../core/json.ts';
import type { DestinationDraft, Imported } from './draft.ts';
import type { Entry, Fate } from './ledger.ts';
import { reasons } from './reasons.ts';

/** What an import came to, as `--json` prints it. */
export interface ImportReport {
  readonly summary: Readonly<Record<Fate, number>>;
  readonly destinations: readonly DestinationSummary[];
  /** What to fill in before the first run. */
  readonly todo: readonly string[];
  readonly settings: readonly Entry[];
}

export interface DestinationSummary {
  readonly file: string;
  readonly subscriptions: number;
  readonly disabled: number;
}

export function reportOf({ destinations, entries }: Imported): ImportReport {
  const count = (fate: Fate) => entries.filter((entry) => entry.fate === fate).length;
  return {
    summary: { carried: count('carried'), changed: count('changed'), decision: count('decision') },
    destinations: destinations.map(({ name, subscriptions }) => ({
      file: `${name}.json`,
      subscriptions: subscriptions.length,
      disabled: subscriptions.filter(({ enabled }) => !enabled).length,
    })),
    todo: destinations.flatMap(todoOf),
    settings: entries,
  };
}

/** Something is left for a person to decide. */
export function needsDecision({ summary, todo }: ImportReport): boolean {
  return summary.decision > 0 || todo.length > 0;
}

function todoOf({ name, settings }: DestinationDraft): readonly string[] {
  return settings['pixel_id'] === '0' ? [`${name}.json: settings.pixel_id. ${reasons.noPixel.text}`] : [];
}

/** The environment variables that the files name. */
export function variablesOf(destinations: readonly DestinationDraft[]): readonly string[] {
  const names = destinations.flatMap(({ settings }) =>
    Object.values(settings).flatMap((value) =>
      isObject(value) && typeof own(value, '$env') === 'string' ? [String(value['$env'])] : [],
    ),
  );
  return [...new Set(names)];
}

const titles: Readonly<Record<Fate, string>> = {
  decision: 'Needs a decision',
  changed: 'Changed in meaning',
  carried: 'Carried over as it is',
};

/** For a terminal: what needs somebody's eyes, by its reason; the rest is a number. */
export function renderReport(report: ImportReport): string {
  const lines = report.destinations.map(
    ({ file, subscriptions, disabled }) =>
      `${file}: ${subscriptions} subscriptions${disabled === 0 ? '' : `, ${disabled} of them disabled`}`,
  );
  for (const fate of ['decision', 'changed'] as const) {
    const entries = report.settings.filter((entry) => entry.fate === fate);
    if (entries.length > 0) lines.push('', `${titles[fate]} (${entries.length}):`);
    for (const [reason, group] of byReason(entries)) {
      lines.push(`  ${reason}`, ...group.slice(0, shownPerReason).map((entry) => `    ${whereOf(entry)}`));
      if (group.length > shownPerReason) lines.push(`    and ${group.length - shownPerReason} more`);
    }
  }
  lines.push('', `${titles.carried}: ${report.summary.carried} settings.`);
  if (report.todo.length > 0) lines.push('', 'To fill in:', ...report.todo.map((text) => `  ${text}`));
  return hideTokens(lines.join('\n').replace(/^\n/, ''));
}

const shownPerReason = 5;

/** The whole report, setting by setting. */
export function renderMarkdown(report: ImportReport): string {
  const { summary, destinations, todo, settings } = report;
  const lines = [
    '# Import',
    '',
    `${summary.carried} settings are carried over as they are, ${summary.changed} are changed in meaning, ${summary.decision} need a decision.`,
    '',
    ...destinations.map(
      ({ file, subscriptions, disabled }) =>
        `- \`${file}\`: ${subscriptions} subscriptions, ${disabled} of them disabled`,
    ),
    ...(todo.length === 0 ? [] : ['', '## To fill in', '', ...todo.map((text) => `- ${text}`)]),
  ];
  for (const fate of ['decision', 'changed'] as const) {
    const entries = settings.filter((entry) => entry.fate === fate);
    if (entries.length > 0) lines.push('', `## ${titles[fate]}`);
    for (const [reason, group] of byReason(entries)) {
      lines.push('', reason, '');
      for (const entry of group) {
        lines.push(`- ${code(whereOf(entry))}${entry.to === undefined ? '' : ` → ${code(entry.to)}`}`);
      }
      const example = group.find((entry) => entry.example !== undefined)?.example;
      if (example !== undefined)
        lines.push('', 'For example with this event:', '', '```json', JSON.stringify(example), '```');
    }
  }
  const carried = settings.filter(({ fate }) => fate === 'carried');
  if (carried.length > 0) lines.push('', `## ${titles.carried}`, '', '| setting | here |', '| --- | --- |');
  for (const entry of carried) lines.push(`| ${cell(whereOf(entry))} | ${cell(entry.to ?? '')} |`);
  return hideTokens(`${lines.join('\n')}\n`);
}

function byReason(entries: readonly Entry[]): ReadonlyMap<string, readonly Entry[]> {
  const groups = new Map<string, Entry[]>();
  for (const entry of entries) {
    const reason = entry.reason ?? '';
    groups.set(reason, [...(groups.get(reason) ?? []), entry]);
  }
  return groups;
}

function whereOf({ file, path, place }: Entry): string {
  return place === undefined ? `${file}: ${path}` : `${file}:${place.line}:${place.column}: ${path}`;
}

function code(text: string): string {
  return `\`${text.replaceAll('`', "'")}\``;
}

function cell(text: string): string {
  return code(text).replaceAll('|', '\\|');
}
