import { type AudienceChange, type AudienceRow, audienceKeys } from '../../core/audience.ts';
import type { Failure } from '../../core/outcome.ts';
import type { DestinationSettings } from '../../core/settings.ts';
import { failureOf } from '../field-error.ts';

/** What stands around the rows of a request, at most. */
const envelopeBytes = 2_000;
/** Rows of ordinary people are far shorter: no need to measure each. */
const longCell = 1_000;

/** Why the change can't be sent: one of its rows alone is longer than a request may be. */
export function sizeFailure({ rows }: AudienceChange, { batch }: DestinationSettings): Failure | undefined {
  for (const row of rows) {
    if (!hasLongCell(row)) continue;
    if (Buffer.byteLength(JSON.stringify(Object.values(row))) > batch.maxBytes - envelopeBytes) return tooLong;
  }
  return undefined;
}

function hasLongCell(row: AudienceRow): boolean {
  for (const key of audienceKeys) {
    const cell = row[key];
    if (typeof cell === 'string' && cell.length > longCell) return true;
  }
  return false;
}

const tooLong = failureOf(
  'ROW_TOO_LARGE',
  'external_id',
  'An identifier is longer than a request may be.',
  'Map a shorter identifier, or raise batch.max_bytes.',
);
