import type { AudienceDetails } from '../../meta/audiences/audience-details.ts';
import { deliveryWords, operationWords, type StatusWords, subtypeWords } from '../../meta/audiences/audience-status.ts';
import type { UploadSession } from '../../meta/audiences/sessions.ts';

/** Meta hides sizes below this. */
const shownFrom = 1_000;

export function listText(audiences: readonly AudienceDetails[]): string {
  if (audiences.length === 0) return 'the ad account has no audiences';
  const rows = audiences.map(({ id, name, subtype, operation, ...rest }) => [
    id,
    subtype,
    sizeText(rest),
    operation === undefined ? '' : operationWords(operation.code, operation.description).meaning,
    name,
  ]);
  return table([['ID', 'KIND', 'SIZE', 'STATUS', 'NAME'], ...rows]);
}

export function detailsText(details: AudienceDetails): string {
  const { operation, delivery } = details;
  return table([
    ['id', details.id],
    ['name', details.name],
    ['kind', `${details.subtype}: ${subtypeWords(details.subtype).meaning}`],
    ['size', sizeText(details)],
    ...(operation
      ? [['uploads', statusText(operation.code, operationWords(operation.code, operation.description))]]
      : []),
    ...(delivery ? [['ads', statusText(delivery.code, deliveryWords(delivery.code, delivery.description))]] : []),
    ...(details.description ? [['description', details.description]] : []),
    ...(details.customerFileSource ? [['source', details.customerFileSource]] : []),
    ['value-based', details.valueBased ? 'yes: additions need a value' : 'no'],
    ['kept for', details.retentionDays === undefined ? 'ever' : `${details.retentionDays} days`],
    ...(details.created ? [['created', timeText(details.created)]] : []),
    ...(details.contentUpdated ? [['changed', timeText(details.contentUpdated)]] : []),
  ]);
}

/** One aspect of an audience: what it is, and what to do if that is in the way of something. */
export interface StatusLine extends StatusWords {
  readonly about: 'kind' | 'uploads' | 'ads';
  readonly code: number | string;
}

export function statusOf({ subtype, operation, delivery }: AudienceDetails): readonly StatusLine[] {
  return [
    { about: 'kind', code: subtype, ...subtypeWords(subtype) },
    ...(operation
      ? [{ about: 'uploads' as const, code: operation.code, ...operationWords(operation.code, operation.description) }]
      : []),
    ...(delivery
      ? [{ about: 'ads' as const, code: delivery.code, ...deliveryWords(delivery.code, delivery.description) }]
      : []),
  ];
}

export function statusLines({ id, name }: AudienceDetails, status: readonly StatusLine[]): string {
  const rows = status.map(({ about, code, ...words }) => [about, statusText(code, words)]);
  return `${id} ${name}\n${table(rows)}`;
}

export function sessionsText(sessions: readonly UploadSession[]): string {
  if (sessions.length === 0) return 'Meta knows of no upload to this audience';
  const rows = sessions.map(({ id, started, ended, received, matched, invalid, stage }) => [
    id,
    timeText(started),
    ended === undefined ? '-' : timeText(ended),
    String(received),
    matched === undefined ? '-' : String(matched),
    String(invalid),
    stage,
  ]);
  return table([['SESSION', 'STARTED', 'ENDED', 'RECEIVED', 'MATCHED', 'INVALID', 'STAGE'], ...rows]);
}

function statusText(code: number | string, { meaning, fix }: StatusWords): string {
  return `${code}: ${meaning}${fix === undefined ? '' : `. ${fix}`}`;
}

function sizeText({ sizeAtLeast, sizeAtMost }: Pick<AudienceDetails, 'sizeAtLeast' | 'sizeAtMost'>): string {
  if (sizeAtMost !== undefined && sizeAtMost <= shownFrom) return `<${shownFrom}`;
  if (sizeAtLeast === undefined || sizeAtMost === undefined) return 'unknown';
  return `${sizeAtLeast}-${sizeAtMost}`;
}

function timeText(seconds: number): string {
  return new Date(seconds * 1_000).toISOString().slice(0, 16).replace('T', ' ');
}

/** Columns as wide as what they hold. */
function table(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows) for (const [at, cell] of row.entries()) widths[at] = Math.max(widths[at] ?? 0, cell.length);
  return rows
    .map((row) =>
      row
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
