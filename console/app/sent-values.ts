import type { ExplainedDelivery } from './api-types.ts';

/** One row of what an event gave: a field, what it holds, what it became, and what is sent of it. */
export interface SentValue {
  readonly field: string;
  readonly from: string | undefined;
  readonly value: unknown;
  readonly normalized: readonly string[];
  readonly sent: unknown;
}

export function sentValues(delivery: ExplainedDelivery): readonly SentValue[] {
  const { fields = {}, identifiers = {} } = delivery;
  const places = placesOf(delivery.request?.body);
  const names = new Set([...Object.keys(fields), ...Object.keys(identifiers)]);
  return [...names]
    .map((field) => ({
      field,
      from: fields[field]?.from,
      value: fields[field]?.value,
      normalized: identifiers[field] ?? [],
      sent: places.find((place) => Object.hasOwn(place, field))?.[field],
    }))
    .filter(({ value, normalized, sent }) => value !== undefined || normalized.length > 0 || sent !== undefined);
}

type Members = Readonly<Record<string, unknown>>;

/** Where the fields of a conversion stand. */
function placesOf(body: unknown): readonly Members[] {
  const data = isObject(body) ? body['data'] : undefined;
  const [event] = Array.isArray(data) ? data : [];
  if (!isObject(event)) return [];
  return [event['user_data'], event['custom_data'], event].filter(isObject);
}

function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
