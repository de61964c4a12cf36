import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AudienceOperation, AudienceTarget } from '../../../src/core/audience.ts';
import { textOf } from '../../../src/core/encoded-body.ts';
import { encodedChange } from '../../../src/core/encoded-change.ts';
import type { Failure, FinalOutcome } from '../../../src/core/outcome.ts';
import { createAudiences } from '../../../src/pipeline/audience/audiences.ts';
import type { AudienceWork } from '../../../src/pipeline/route/audience-work.ts';
import { fakePending } from '../../support/deliveries.ts';
import { fakeDestination, fakeSettings, fakeSubscription } from '../../support/destinations.ts';
import { seeded } from '../../support/seeded.ts';

const settings = fakeSettings({ batch: { maxEvents: 1, maxRows: 4, maxBytes: 100_000, lingerMillis: 0 } });
const subscription = fakeSubscription('Members', () => true);
const crm = fakeDestination([subscription], { settings });
const unknownId: Failure = { code: 'META_100_33', message: 'not there' };
/** Enough for everything that waits for nothing but its turn. */
const turn = () => new Promise((resolve) => setTimeout(resolve, 0));

/** Audiences at Meta: each answer, and each landing of a request, comes when `happen` is called. */
function world(most: number, random: () => number) {
  const happenings: (() => void)[] = [];
  const later = (what: () => void) => happenings.push(what);
  const soon = () => new Promise<void>((resolve) => later(resolve));
  const members = new Map<string, Set<string>>();
  /** Requests that are still to land, by audience, with the lane that sent them. */
  const landing = new Map<object, string>();
  const names = { groups: new Set<string | undefined>(), searches: 0, open: 0, mostOpen: 0 };
  const errors: unknown[] = [];
  const ends: string[] = [];
  const released: number[] = [];
  let now = 0;
  /** Its lane keeps a distance to Meta's limit. */
  let restless = '';

  function opened(): () => void {
    names.open += 1;
    names.mostOpen = Math.max(names.mostOpen, names.open);
    let closed = false;
    return () => {
      if (!closed) names.open -= 1;
      closed = true;
    };
  }

  const audiences = createAudiences({
    lingerMillis: 0,
    handOverMillis: 0,
    maxAudiences: most,
    parks: () => false,
    search(_caller, target, _signal, unknown, { group }) {
      names.groups.add(group);
      names.searches += 1;
      const id = target.kind === 'id' ? target.id : target.name;
      const found = soon().then(() => {
        if (id.startsWith('missing') && unknown(unknownId)) return undefined;
        return { id, valueBased: false };
      });
      return { found, blocked: () => undefined, wake() {}, close() {} };
    },
    sending(_destination, { id }, _watch, { group }) {
      names.groups.add(group);
      let underWay: Promise<unknown> = Promise.resolve();
      const mine = new Set<object>();
      return {
        quiet: async () => void (await underWay),
        sink: {
          isAtRest: () => id !== restless,
          close: opened(),
          async send(deliveries): Promise<readonly FinalOutcome[]> {
            for (const [request, audience] of landing) {
              if (audience === id && !mine.has(request)) throw new Error(`a request for ${id} of an earlier lane`);
            }
            const request = {};
            mine.add(request);
            landing.set(request, id);
            const rows = deliveries.map((row) => [row.terms?.operation, String(JSON.parse(textOf(row))[0])] as const);
            // It may land after its answer, as one in doubt does.
            const landed = soon().then(() => {
              const inside = members.get(id) ?? new Set();
              members.set(id, inside);
              for (const [operation, user] of rows) inside[operation === 'remove' ? 'delete' : 'add'](user);
              landing.delete(request);
            });
            underWay = Promise.all([underWay, landed]);
            await soon();
            return deliveries.map(() => ({ kind: 'delivered' }));
          },
        },
      };
    },
    handOver: { pass: (_pending, go) => go(), watch: () => () => undefined, held: () => 0, close() {} },
    clock: { now: () => now, monotonic: () => now, sleep: async () => undefined },
    telemetry: { emit() {} },
    acquire: (bytes) => released.push(-bytes),
    release: (bytes) => released.push(bytes),
    counted() {},
    done: ({ pending }, failure) => ends.push(`${pending.record.offset} ${failure?.code ?? 'delivered'}`),
    rejectedEarly: () => [],
    failed: (error) => errors.push(error),
  });
  audiences.configure([crm]);

  return {
    audiences,
    members,
    names,
    errors,
    ends,
    held: () => released.reduce((sum, bytes) => sum + bytes, 0),
    pass: (millis: number) => {
      now += millis;
    },
    async happen() {
      if (random() < 0.2) restless = String(Math.floor(random() * 8));
      happenings.splice(Math.floor(random() * happenings.length), 1)[0]?.();
      await turn();
    },
    async settle() {
      for (let turns = 0; turns < 20_000 && !audiences.idle(); turns++) {
        audiences.sweep();
        await this.happen();
      }
      expect(audiences.idle()).toBe(true);
    },
  };
}

function work(offset: number, target: AudienceTarget, user: string, operation: AudienceOperation): AudienceWork {
  const change = encodedChange({ operation, user, identifiers: [user], rows: [{ EXTERN_ID: user }] });
  return {
    destination: crm,
    subscription,
    updates: [{ target, settings: {}, changes: [change] }],
    origin: { removed: undefined },
    pending: fakePending({ record: { ...fakePending().record, offset } }),
  };
}

function targetOf(name: string): AudienceTarget {
  return name.startsWith('n')
    ? { kind: 'name', name, adAccountId: 'act_1', nameFromEvent: true }
    : { kind: 'id', id: name, fromEvent: true };
}

test('audiences that come and go: nothing is lost, repeated or overtaken, and there are never too many', async () => {
  const names = ['1', '2', '3', '4', '5', '6', 'n-1', 'n-2', 'missing-1', 'missing-2'];
  await fc.assert(
    fc.asyncProperty(fc.noShrink(fc.integer({ min: 1, max: 2 ** 31 - 1 })), async (seed) => {
      const random = seeded(seed);
      const below = (limit: number) => Math.floor(random() * limit);
      const most = 1 + below(4);
      const all = world(most, random);
      const expected = new Map<string, Set<string>>();
      const count = 80;
      for (let offset = 0; offset < count; offset++) {
        const name = names[below(names.length)] ?? '';
        const user = `u-${below(3)}`;
        const operation = random() < 0.5 ? 'add' : 'remove';
        all.audiences.offer(work(offset, targetOf(name), user, operation));
        if (!name.startsWith('missing')) {
          const inside = expected.get(name) ?? new Set();
          expected.set(name, inside);
          inside[operation === 'add' ? 'add' : 'delete'](user);
        }
        for (let times = below(4); times > 0; times--) await all.happen();
        if (random() < 0.2) all.audiences.sweep();
        if (random() < 0.1) all.pass(11 * 60_000);
      }
      await all.settle();
      expect(all.errors).toEqual([]);
      expect(all.ends).toHaveLength(count);
      expect(new Set(all.ends.map((end) => end.split(' ')[0])).size).toBe(count);
      expect(all.audiences.size()).toBe(0);
      expect(all.held()).toBe(0);
      expect(all.names.mostOpen).toBeLessThanOrEqual(most);
      for (const [name, inside] of expected)
        expect([...(all.members.get(name) ?? [])].sort()).toEqual([...inside].sort());
      all.audiences.abort();
    }),
    { numRuns: 15 },
  );
});

test('what events name has the label of its subscription, and is let go when nobody needs it', async () => {
  const all = world(1_000, seeded(1));
  for (let offset = 0; offset < 50; offset++) {
    all.audiences.offer(work(offset, { kind: 'id', id: `${offset}`, fromEvent: true }, 'u', 'add'));
  }
  await all.settle();
  expect([...all.names.groups]).toEqual(['audiences of shop/Members']);
  expect(all.names.open).toBe(50);
  all.pass(11 * 60_000);
  all.audiences.sweep();
  // One still keeps a distance to Meta's limit.
  expect(all.names.open).toBeLessThanOrEqual(1);
});

test('what a mapping names keeps its lane, and waits for nobody', async () => {
  const all = world(1, seeded(2));
  for (const [offset, id] of ['1', '2', '3'].entries()) {
    all.audiences.offer(work(offset, { kind: 'id', id }, 'u', 'add'));
  }
  await all.settle();
  all.pass(24 * 3_600_000);
  for (let turns = 0; turns < 20; turns++) all.audiences.sweep();
  expect(all.names.open).toBe(3);
  expect(all.names.searches).toBe(3);
  expect([...all.names.groups]).toEqual([undefined]);
});

test('an unknown id is asked about once a minute, also when its look-up had to make room', async () => {
  const all = world(1, seeded(3));
  const missing = { kind: 'id', id: 'missing', fromEvent: true } as const;
  const offer = async (offset: number, target: AudienceTarget) => {
    all.audiences.offer(work(offset, target, 'u', 'add'));
    await all.settle();
  };
  await offer(0, missing);
  await offer(1, { kind: 'id', id: '7', fromEvent: true });
  await offer(2, missing);
  expect(all.ends).toEqual(['0 META_100_33', '1 delivered', '2 META_100_33']);
  expect(all.names.searches).toBe(2);
  all.pass(61_000);
  await offer(3, missing);
  expect(all.names.searches).toBe(3);
});
