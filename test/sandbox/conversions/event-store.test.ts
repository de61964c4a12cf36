import { describe, expect, it } from 'vitest';
import { createEventStore } from '../../../src/sandbox/conversions/event-store.ts';
import { sandboxRules } from '../../../src/sandbox/graph/options.ts';

const hourMillis = 3_600_000;
const message = { event_name: 'Purchase', event_time: 1, event_id: 'a', user_data: { fbp: 'x' } };

function store(options: object = {}) {
  return createEventStore(sandboxRules(options));
}

describe('de-duplication', () => {
  it('needs the same dataset, name and id within 48 hours of the first', () => {
    const events = store();
    events.accept('1', [message], 0, 1);
    events.accept('2', [message], 0, 2);
    events.accept('1', [{ ...message, event_name: 'Lead' }], 0, 3);
    events.accept('1', [message], 48 * hourMillis - 1, 4);
    events.accept('1', [message], 48 * hourMillis, 5);
    expect(events.counts()).toEqual({ accepted: 5, unique: 4, duplicates: 1 });
    expect([...events.events()].map(({ duplicate }) => duplicate)).toEqual([false, false, false, true, false]);
    expect(events.received('a')).toBe(5);
  });

  it('never happens to business messaging', () => {
    const events = store();
    const sent = { ...message, action_source: 'business_messaging' };
    events.accept('1', [sent, sent], 0, 1);
    expect(events.counts().duplicates).toBe(0);
    expect(events.received('a')).toBe(2);
  });

  it('compares store events by order or customer, not by id, for 7 days', () => {
    const events = store();
    const bought = { ...message, action_source: 'physical_store', custom_data: { order_id: '7' } };
    events.accept('1', [message, bought], 0, 1);
    expect(events.counts().duplicates).toBe(0);
    events.accept('1', [{ ...bought, event_id: 'b', user_data: { fbp: 'y' } }], 1, 2);
    expect(events.counts().duplicates).toBe(1);
    events.accept(
      '1',
      [
        { ...bought, custom_data: { order_id: '8' } },
        { ...bought, custom_data: {} },
      ],
      1,
      3,
    );
    expect(events.counts().duplicates).toBe(1);
    events.accept('1', [bought], 7 * 24 * hourMillis, 4);
    expect(events.counts().duplicates).toBe(1);
  });
});

describe('bounds', () => {
  it('keeps the newest events whole and the ids of all', () => {
    const events = store({ keepEvents: 2 });
    for (const id of ['a', 'b', 'c']) events.accept('1', [{ ...message, event_id: id }], 0, 1);
    expect([...events.events()].map(({ event }) => event['event_id'])).toEqual(['b', 'c']);
    expect([...events.ids()].map((entry) => entry.event_id)).toEqual(['a', 'b', 'c']);
  });

  it('counts the events of ever new names together', () => {
    const events = store();
    const named = Array.from({ length: 10_100 }, (_, index) => ({ ...message, event_name: `name-${index}` }));
    events.accept('1', named, 0, 1);
    events.accept('1', [{ ...message, event_name: 'name-1' }], 0, 1);
    expect(events.countsByName()).toHaveLength(10_001);
    expect(events.countsByName().at(1)).toMatchObject({ event_name: 'name-1', accepted: 2 });
    expect(events.countsByName().at(-1)).toMatchObject({ event_name: '(more)', accepted: 100 });
  });

  it('counts ids that there is no room for', () => {
    const events = store({ keepEventIds: 2 });
    for (const id of ['a', 'b', 'c', 'a']) events.accept('1', [{ ...message, event_id: id }], 0, 1);
    expect(events.idsNotKept()).toBe(1);
    expect(events.counts()).toEqual({ accepted: 4, unique: 3, duplicates: 1 });
  });
});
