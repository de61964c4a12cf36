import { describe, expect, test } from 'vitest';
import type { Warning } from '../../../src/core/action.ts';
import type { AnalyticsEvent } from '../../../src/core/event.ts';
import { eventId } from '../../../src/kit/conversion/event-id.ts';
import { record, sha256 } from '../../actions/run-action.ts';

const nameless: AnalyticsEvent = { type: 'track' };

describe('rule 7: the id of an event', () => {
  test('is the mapped one, else the messageId', () => {
    expect(eventId('mapped', { type: 'track', messageId: 'm' }, record)).toBe('mapped');
    expect(eventId(undefined, { type: 'track', messageId: 'm' }, record)).toBe('m');
    expect(eventId(' ', { type: 'track', messageId: 'm' }, record)).toBe('m');
  });

  test('is not the text that stands for any object, by which Meta would take all events for one', () => {
    const warnings: Warning[] = [];
    const warn = (warning: Warning) => warnings.push(warning);
    expect(eventId('order-[object Object]', { type: 'track', messageId: 'm' }, record, warn)).toBe('m');
    expect(warnings).toMatchObject([{ code: 'FIELD_UNUSABLE', field: 'event_id' }]);
    const byPlace = eventId(undefined, nameless, record);
    expect(eventId('[object Object]', { type: 'track', messageId: '[object Object]' }, record)).toBe(byPlace);
    expect(eventId('[object]', nameless, record)).toBe('[object]');
  });

  test('is else a hash of topic, partition, offset, timestamp and value', () => {
    const { topic, partition, offset, timestamp, value } = record;
    const expected = sha256(`${topic}\n${partition}\n${offset}\n${timestamp}\n${value}`);
    expect(eventId(undefined, { type: 'track', messageId: ' ' }, record)).toBe(expected);
  });

  test.each([
    ['topic', { topic: 'other' }],
    ['partition', { partition: 4 }],
    ['offset', { offset: 43 }],
    ['timestamp', { timestamp: 1 }],
    ['value', { value: Buffer.from('{}') }],
  ])('is another for another %s', (_, change) => {
    expect(eventId(undefined, nameless, { ...record, ...change })).not.toBe(eventId(undefined, nameless, record));
  });

  test('is in a file a hash of the byte offset and the content, whatever the file is called and when it was changed', () => {
    const line = { ...record, topic: 'file:events.ndjson' };
    const id = eventId(undefined, nameless, line);
    expect(eventId(undefined, nameless, { ...line, topic: 'file:moved.ndjson', timestamp: 5 })).toBe(id);
    expect(eventId(undefined, nameless, { ...line, offset: 7 })).not.toBe(id);
    expect(eventId(undefined, nameless, { ...line, value: Buffer.from('{ }') })).not.toBe(id);
  });
});
