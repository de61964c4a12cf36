import type { JsonObject } from '../../core/json.ts';
import { type Audience, audienceSize, flaggedStatus } from './audience.ts';

type ReadField = (audience: Audience) => unknown;

/** The fields of a Custom Audience that can be asked for (Meta: Custom audience). */
export const audienceFields: Readonly<Record<string, ReadField>> = {
  id: ({ id }) => id,
  account_id: ({ accountId }) => accountId,
  name: ({ name }) => name,
  subtype: ({ subtype }) => subtype,
  description: ({ description }) => description,
  approximate_count_lower_bound: (audience) => countBounds(audience).lower,
  approximate_count_upper_bound: (audience) => countBounds(audience).upper,
  customer_file_source: ({ customerFileSource }) => customerFileSource || undefined,
  data_source: dataSource,
  delivery_status: deliveryStatus,
  operation_status: operationStatus,
  is_value_based: ({ isValueBased }) => isValueBased,
  opt_out_link: ({ optOutLink }) => optOutLink || undefined,
  permission_for_actions: ({ editable }) => ({ can_edit: editable, can_see_insight: 'True', can_share: 'True' }),
  retention_days: ({ retentionDays }) => retentionDays,
  time_created: ({ timeCreated }) => timeCreated,
  time_updated: ({ timeUpdated }) => timeUpdated,
  time_content_updated: ({ timeContentUpdated }) => timeContentUpdated,
};

export function allFields(audience: Audience): JsonObject {
  return Object.fromEntries(Object.entries(audienceFields).map(([name, read]) => [name, read(audience)]));
}

const descriptions: Readonly<Record<number, string>> = {
  0: 'Status not available',
  100: 'Expiring audience',
  200: 'Normal',
  400: 'Warning',
  410: 'No upload',
  411: 'Low match rate',
  412: 'High invalid rate',
  414: 'Replace in progress',
  415: 'Replace error',
  421: 'No pixel',
  422: 'Pixel is silent',
  423: 'Invalid pixel',
  431: 'Lookalike warning',
  432: 'Lookalike warning',
  433: 'Lookalike warning',
  434: 'Lookalike warning',
  441: 'Populating',
  442: 'Populating failed',
  450: 'Out of date',
  470: 'Owner inactive',
  471: 'Flagged',
  500: 'Error',
};

export const operationStatuses: readonly number[] = Object.keys(descriptions).map(Number);

function operationStatus({ operationStatus: code }: Audience): JsonObject {
  return { code, description: descriptions[code] ?? '' };
}

/** Below this Meta is unlikely to use an audience. */
const smallestDelivered = 100;

function deliveryStatus(audience: Audience): JsonObject {
  const code = audience.deliveryStatus ?? derivedDelivery(audience);
  if (code === 200) return { code, description: 'This audience is ready for use.' };
  if (code === 300) return { code, description: 'This audience is too small.' };
  return { code, description: 'This audience cannot be used.' };
}

function derivedDelivery(audience: Audience): number {
  if (audience.operationStatus === flaggedStatus) return 400;
  return audienceSize(audience) < smallestDelivered ? 300 : 200;
}

function dataSource({ subtype, dataSource: sub }: Audience): JsonObject {
  return subtype === 'CUSTOM' ? { type: 'FILE_IMPORTED', sub_type: sub } : { type: 'UNKNOWN', sub_type: 'ANYTHING' };
}

/** Meta hides small numbers and rounds large ones; how, it doesn't say. */
function countBounds(audience: Audience): { readonly lower: number; readonly upper: number } {
  const size = audienceSize(audience);
  if (size < 1000) return { lower: 0, upper: 1000 };
  const step = 10 ** (Math.floor(Math.log10(size)) - 1);
  const lower = Math.floor(size / step) * step;
  return { lower, upper: lower + step };
}
