import { createHash } from 'node:crypto';
import { expect } from 'vitest';
import { changesIn, eventsOf, problemsOf, rowsOf, type Sent, type Stage } from '../stage.ts';
import { lists, list, members, order, person, type Scene, scene, shop } from './scene.ts';

const hash = (text: string) => createHash('sha256').update(text).digest('hex');
const code = 'TOO_MANY_REJECTED';

/** Refused before sending: nothing tells who it is. */
const malformed = (at: number) => ({
  ...{ type: 'track', event: 'new', messageId: `bad-${at}` },
  properties: { email: `not-an-address-${at}` },
});
const several = <T>(count: number, one: (at: number) => T): readonly T[] =>
  Array.from({ length: count }, (_, at) => one(at));

function expectStopped({ blocked }: Sent, rejected: number, threshold: number): string {
  expect(blocked).toMatchObject([{ code }]);
  const { message = '' } = blocked[0] ?? {};
  expect(message).toContain(`${rejected} rejected, threshold ${threshold}.`);
  return message;
}

/** Meta finds the rows of these external ids invalid. */
const invalid = (stage: Stage, reason: string, ...values: readonly string[]) =>
  stage.change('audiences/120', { invalid: [{ values, reason }] });

export const thresholds: Readonly<Record<string, Scene>> = {
  'more malformed events than allowed stop the destination': scene(async (stage) => {
    const sent = await stage.send(members({ max_rejected_per_batch: 2 }), several(3, malformed));
    expectStopped(sent, 3, 2);
    expect(sent.letters).toHaveLength(3);
    expect(sent.requests).toEqual([]);
  }),
  'more rows that Meta refuses than allowed stop the lane': scene(async (stage) => {
    await invalid(stage, 'Invalid hash', 'u-1', 'u-2', 'u-3');
    const people = ['u-1', 'u-2', 'u-3', 'u-4'].map((id) => person(id));
    const sent = await stage.send(members({ max_rejected_per_batch: 2 }), people);
    expectStopped(sent, 3, 2);
    expect([...stage.sandbox.state.members('120')]).toEqual(['u-4']);
  }),
  'threshold 0 stops at the first, also at one of ours': scene(async (stage) => {
    for (const [destination, records] of [
      [members({ max_rejected_per_batch: 0 }), [malformed(1)]],
      [lists({ max_rejected_per_batch: 0 }), [list({ userListAdd: [{ EMAIL: 'x' }] })]],
      [shop({ max_rejected_per_batch: 0 }), [order('1', { properties: { total: 'free' } })]],
    ] as const) {
      const sent = await stage.send(destination, records);
      expectStopped(sent, 1, 0);
      expect(sent.letters).toHaveLength(1);
    }
  }),
  'as many as are allowed stop nothing': scene(async (stage) => {
    const sent = await stage.send(members({ max_rejected_per_batch: 2 }), [malformed(1), person('u-1'), malformed(2)]);
    expect([sent.blocked, sent.clean, sent.letters.length]).toEqual([[], true, 2]);
    expect([...stage.sandbox.state.members('120')]).toEqual(['u-1']);
  }),
  'ours and those of Meta count together': scene(async (stage) => {
    await invalid(stage, 'Invalid hash', 'u-1');
    const people = [malformed(1), person('u-1'), person('u-2')];
    const alone = await stage.send(members({ max_rejected_per_batch: 2 }), people);
    expect([alone.blocked, alone.letters.length]).toEqual([[], 2]);
    expectStopped(await stage.send(members({ max_rejected_per_batch: 1 }), people), 2, 1);
  }),
  'any negative number switches it off': scene(async (stage) => {
    for (const threshold of [-1, -5]) {
      const sent = await stage.send(
        members({ max_rejected_per_batch: threshold, fuse: false }),
        several(50, malformed),
      );
      expect([sent.blocked, sent.clean, sent.letters.length]).toEqual([[], true, 50]);
    }
  }),
  'more than that may fail over the whole job': scene(async (stage) => {
    await invalid(stage, 'Invalid hash', ...several(6, (at) => `u-${2 * at}`));
    const people = several(12, (at) => person(`u-${at}`));
    const sent = await stage.send(members({ max_rejected_per_batch: 1, batch: { max_rows: 2 } }), people);
    expect([sent.blocked, sent.clean, sent.letters.length]).toEqual([[], true, 6]);
    expect(stage.sandbox.state.members('120').size).toBe(6);
  }),
  'a threshold that is no whole number is an error at start': scene(async () => {
    for (const threshold of ['10', 1.5, true]) {
      const problems = problemsOf(members({ max_rejected_per_batch: threshold }));
      expect(problems).toMatchObject([
        { severity: 'error', message: expect.stringContaining('max_rejected_per_batch'), line: 1 },
      ]);
    }
    expect(problemsOf(members({ max_rejected_per_batch: 10 }))).toEqual([]);
  }),
  'samples by reason, in words of Meta': scene(async (stage) => {
    await invalid(stage, 'Invalid hash', 'u-1', 'u-2');
    const sent = await stage.send(
      members({ max_rejected_per_batch: 0 }),
      ['u-1', 'u-2', 'u-3'].map((id) => person(id)),
    );
    expect(expectStopped(sent, 2, 0)).toContain('[Invalid hash — 2 samples; e.g. ');
    expect(sent.letters.map(({ error }) => error.message)).toEqual([
      expect.stringContaining('Invalid hash'),
      expect.stringContaining('Invalid hash'),
    ]);
  }),
  'a sample is eight characters of a fingerprint and a place': scene(async (stage) => {
    await invalid(stage, 'Invalid hash', 'customer-4711');
    const sent = await stage.send(members({ max_rejected_per_batch: 0 }), [person('customer-4711')]);
    const message = expectStopped(sent, 1, 0);
    expect(message).toContain(`${hash('customer-4711').slice(0, 8)}*** at `);
    expect(message).not.toContain('4711');
    const { stdout } = await stage.command(undefined, 'fingerprint', 'customer-4711');
    expect(stdout).toContain(`${hash('customer-4711').slice(0, 8)}  as it is`);
  }),
  'no personal data is in what is told': scene(async (stage) => {
    await invalid(stage, 'Jane Doe lives in Springfield', 'jane@shop.example', hash('jane@shop.example'));
    const people = [person('u-1', 'new', { email: 'jane@shop.example' }), malformed(7)];
    const sent = await stage.send(members({ max_rejected_per_batch: 0 }), people);
    expect(sent.blocked.map((lane) => lane.code)).toContain(code);
    const said = JSON.stringify([sent.told, sent.blocked, sent.letters.map(({ error }) => error)]);
    expect(said).not.toMatch(/jane|Springfield|shop\.example|not-an-address/i);
  }),
  'no batch of events is above its size': scene(async (stage) => {
    const orders = several(25, (at) => order(String(at)));
    const sizes = async (settings: object) =>
      changesIn(await stage.send(shop({ ...settings }), orders)).map((request) => eventsOf(request).length);
    const small = await sizes({ batch: { max_events: 10 } });
    expect(Math.max(...small)).toBeLessThanOrEqual(10);
    expect(small.reduce((sum, size) => sum + size, 0)).toBe(25);
    expect(problemsOf(shop({ batch: { max_events: 1001 } }))).toMatchObject([{ severity: 'error' }]);
    expect(problemsOf(shop({ batch: { max_events: 1000 } }))).toEqual([]);
  }),
  'no batch of rows is above its size': scene(async (stage) => {
    const people = several(25, (at) => person(`u-${at}`));
    const sent = await stage.send(members({ batch: { max_rows: 10 } }), people);
    const sizes = changesIn(sent).map((request) => rowsOf(request).length);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(10);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(25);
    expect(problemsOf(members({ batch: { max_rows: 10_001 } }))).toMatchObject([{ severity: 'error' }]);
    expect(problemsOf(members({ batch: { max_rows: 10_000 } }))).toEqual([]);
  }),
};
