import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, test } from 'vitest';
import { type ExplainedDelivery, createExplainer } from '../../src/explain/explain-event.ts';
import { decodeSettings, readSettings } from '../../src/config/environment.ts';
import { isObject } from '../../src/core/json.ts';
import { loadText } from '../config/load-text.ts';
import { momentOf, withMoments } from './moments.ts';

/** One event, and what is to be sent of it; placeholders of moments may stand in every text. */
interface ValueCase {
  readonly id: string;
  readonly kind: string;
  readonly action: string;
  readonly event: unknown;
  readonly mapping?: object;
  readonly settings?: object;
  readonly expect: {
    readonly status: string;
    /** Values of the event sent, by path. */
    readonly body?: Readonly<Record<string, unknown>>;
    readonly absent?: readonly string[];
    readonly before_hash?: Readonly<Record<string, readonly string[]>>;
    /** A code among the warnings. */
    readonly warning?: string;
    readonly nowhere?: readonly string[];
    readonly event_time?: string;
  };
  readonly why?: string;
}

const file = fileURLToPath(new URL('../../../shared/cases/values.json', import.meta.url));
const now = Date.now();
const decode = decodeSettings(readSettings({}));

function explained({ action, event, mapping = {}, settings = {} }: ValueCase): ExplainedDelivery {
  const subscription = {
    name: action,
    action,
    mapping,
    ...(action === 'custom-event' && { trigger: 'type = "track"' }),
  };
  const destination = {
    name: 'shop',
    settings: { pixel_id: '1', access_token: { $env: 'TOKEN' }, ...settings },
    subscriptions: [subscription],
  };
  const { destination: loaded, problems } = loadText(JSON.stringify(destination));
  if (loaded === undefined) throw new Error(JSON.stringify(problems));
  const explain = createExplainer({ destinations: [loaded], decode, now, details: false, showIdentifiers: true });
  const place = { topic: 'cases', partition: 0, offset: 0, next: 1, timestamp: now, key: null, headers: undefined };
  const [explanation] = explain({ ...place, value: Buffer.from(JSON.stringify(event)) }, 0);
  const [delivery] = explanation?.deliveries ?? [];
  if (delivery === undefined) throw new Error(`nothing is sent: ${JSON.stringify(explanation)}`);
  return delivery;
}

function at(value: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((inside, key) => (isObject(inside) ? inside[key] : undefined), value);
}

function eventSent(delivery: ExplainedDelivery): unknown {
  const data = at(delivery.request?.body, 'data');
  return Array.isArray(data) ? data[0] : undefined;
}

function check({ expect: expected }: ValueCase, delivery: ExplainedDelivery): void {
  const sent = eventSent(delivery);
  expect(delivery.status, JSON.stringify(delivery.error)).toBe(expected.status);
  for (const [path, value] of Object.entries(expected.body ?? {})) expect(at(sent, path), path).toEqual(value);
  for (const path of expected.absent ?? []) expect(at(sent, path), path).toBeUndefined();
  for (const [field, values] of Object.entries(expected.before_hash ?? {})) {
    expect(delivery.identifiers?.[field], field).toEqual(values);
  }
  if (expected.warning !== undefined) expect(delivery.warnings.map(({ code }) => code)).toContain(expected.warning);
  for (const text of expected.nowhere ?? []) expect(JSON.stringify(sent)).not.toContain(text);
  if (expected.event_time !== undefined) {
    const seconds = momentOf(expected.event_time, now) / 1000;
    expect(Math.abs(Number(at(sent, 'event_time')) - seconds)).toBeLessThanOrEqual(2);
  }
}

test('moments are filled in', () => {
  const noon = Date.UTC(2026, 10, 20, 12);
  expect(withMoments('{{iso:now-60s}} {{ms:now-1h}} {{us:now}} {{sql:now+1d}} UTC', noon)).toBe(
    `2026-11-20T11:59:00.000Z ${noon - 3_600_000} ${noon}000 2026-11-21 12:00:00 UTC`,
  );
});

if (existsSync(file)) {
  const cases: readonly ValueCase[] = JSON.parse(withMoments(readFileSync(file, 'utf8'), now)).cases;
  describe('the shared cases of values', () => {
    it.each(cases)('$id: $kind', (given) => {
      check(given, explained(given));
    });
  });
} else {
  test('the shared cases of values are not there, so none of them was run', () => {
    expect(existsSync(file)).toBe(false);
  });
}
