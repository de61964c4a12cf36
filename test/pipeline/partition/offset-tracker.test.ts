import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createOffsetTracker } from '../../../src/pipeline/partition/offset-tracker.ts';
import { seeded } from '../../support/seeded.ts';

describe('the partition tracker', () => {
  test('moves the watermark only over a settled run from the start', () => {
    const tracker = createOffsetTracker(10);
    const first = tracker.begin(11);
    const second = tracker.begin(12);
    tracker.release(second);
    expect(tracker.watermark()).toBe(10);
    tracker.release(first);
    expect(tracker.watermark()).toBe(12);
    expect(tracker.size()).toBe(0);
  });

  test('keeps a record open until as much was released as held', () => {
    const tracker = createOffsetTracker(0);
    const slot = tracker.begin(1);
    tracker.hold(slot);
    tracker.release(slot);
    expect(tracker.watermark()).toBe(0);
    tracker.release(slot);
    expect(tracker.watermark()).toBe(1);
  });

  test('refuses a count below zero, a settled slot and an order that goes back', () => {
    const tracker = createOffsetTracker(0);
    const blocker = tracker.begin(1);
    const slot = tracker.begin(2);
    tracker.release(slot);
    expect(() => tracker.release(slot)).toThrow(/released too often/);
    tracker.release(blocker);
    expect(() => tracker.hold(slot)).toThrow(/not in flight/);
    expect(() => tracker.begin(2)).toThrow(/came after/);
  });

  test('agrees with a naive model whatever the order, with gaps between positions', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ gap: fc.integer({ min: 1, max: 5 }), holds: fc.integer({ min: 0, max: 3 }) }), {
          minLength: 1,
          maxLength: 3000,
        }),
        fc.infiniteStream(fc.nat()),
        (records, choices) => {
          const tracker = createOffsetTracker(7);
          let next = 7;
          const model: { next: number; open: number }[] = [];
          const releases: { slot: number; record: { next: number; open: number } }[] = [];
          for (const { gap, holds } of records) {
            next += gap;
            const slot = tracker.begin(next);
            const record = { next, open: holds + 1 };
            model.push(record);
            releases.push({ slot, record });
            for (let held = 0; held < holds; held++) {
              tracker.hold(slot);
              releases.push({ slot, record });
            }
          }
          while (releases.length > 0) {
            const choice = (choices.next().value ?? 0) % releases.length;
            const [taken] = releases.splice(choice, 1);
            if (taken === undefined) break;
            tracker.release(taken.slot);
            taken.record.open -= 1;
            const firstOpen = model.findIndex((record) => record.open > 0);
            const settled = firstOpen === -1 ? model : model.slice(0, firstOpen);
            if (tracker.watermark() !== (settled.at(-1)?.next ?? 7)) return false;
          }
          return tracker.size() === 0 && tracker.watermark() === next;
        },
      ),
      { numRuns: 30 },
    );
  });

  test('never skips and never takes an answer twice, in a million steps of begin, hold, settle, revoke and commit', () => {
    const runs = 20;
    const stepsEach = 50_000;
    const seeds = fc.noShrink(fc.integer({ min: 1 }));
    fc.assert(
      fc.property(seeds, (seed) => walk(seeded(seed), stepsEach)),
      { numRuns: runs },
    );
  });
});

interface Entered {
  readonly slot: number;
  readonly next: number;
  open: number;
}

/** A random walk beside a model that is a plain list. A revoke begins anew at what was committed last. */
function walk(random: () => number, steps: number): void {
  let committed = 0;
  let tracker = createOffsetTracker(committed);
  let entered: Entered[] = [];
  let committedAtStart = committed;
  let settledRun = 0;
  let next = committed;
  const below = (limit: number) => Math.floor(random() * limit);

  function settled(): number {
    while ((entered[settledRun]?.open ?? 1) === 0) settledRun += 1;
    return settledRun === 0 ? committedAtStart : (entered[settledRun - 1]?.next ?? 0);
  }

  for (let step = 0; step < steps; step++) {
    const action = below(100);
    const one = entered[settledRun + below(entered.length - settledRun)];
    if (action < 35) {
      next += 1 + below(3);
      entered.push({ slot: tracker.begin(next), next, open: 1 });
    } else if (action < 45 && one !== undefined && one.open > 0) {
      tracker.hold(one.slot);
      one.open += 1;
    } else if (action < 95 && one !== undefined) {
      if (one.open > 0) {
        tracker.release(one.slot);
        one.open -= 1;
      } else if (takes(() => tracker.release(one.slot))) throw new Error('an answer was taken twice');
    } else if (action < 99) {
      if (tracker.watermark() < committed) throw new Error('the watermark went back');
      committed = tracker.watermark();
    } else if (random() < 0.05) {
      tracker = createOffsetTracker(committed);
      committedAtStart = committed;
      entered = [];
      settledRun = 0;
      next = committed;
    }
    if (tracker.watermark() !== settled()) throw new Error(`${tracker.watermark()} instead of ${settled()}`);
    if (tracker.size() !== entered.length - settledRun) throw new Error('another number is in flight');
  }
}

function takes(act: () => void): boolean {
  try {
    act();
    return true;
  } catch {
    return false;
  }
}
