import { describe, expect, it } from 'vitest';
import { faultPaths } from '../../console/app/fault-paths.ts';
import { searchOf } from '../../console/app/search-text.ts';
import { audiencePath, chosenAudience } from '../../console/app/audience-places.ts';
import { sentValues } from '../../console/app/sent-values.ts';
import { audiencesSentence, behindText, laneTitle } from '../../console/app/words.ts';
import { percent } from '../../console/lib/numbers.ts';

describe('what the search field means', () => {
  it.each([
    ['anna', { value: 'anna' }],
    ['properties.order_id = 17', { path: 'properties.order_id', value: '17' }],
    ['properties.order_id =', { path: 'properties.order_id' }],
    ['a = b = c', { path: 'a', value: 'b = c' }],
    ['two words', { value: 'two words' }],
    ['  ', {}],
  ])('%s', (text, expected) => {
    expect(searchOf(text)).toEqual(expected);
  });
});

describe('where in an event a field is at fault', () => {
  const event = { type: 'track', properties: { total: 1 }, timestamp: 'x' };

  it('is where the mapping looks for it', () => {
    const mapping = { currency: { '@first': [{ '@path': '$.properties.cur' }, 'EUR'] } };
    expect(faultPaths('currency', mapping, event)).toEqual(['properties.cur']);
  });

  it('is the property of its name, without a mapping', () => {
    expect(faultPaths('currency', {}, event)).toEqual(['properties.currency']);
    expect(faultPaths('event_time', {}, event)).toEqual(['timestamp']);
    expect(faultPaths(undefined, {}, event)).toEqual([]);
  });
});

describe('what was sent of a field', () => {
  it('stands beside what the event had, and what it was normalized to', () => {
    const delivery = {
      destination: 'shop',
      subscription: 'Orders',
      action: 'purchase',
      status: 'ready',
      warnings: [],
      fields: {
        em: { from: 'default', value: 'A@b.c' },
        value: { from: 'mapping', value: 3 },
        ph: { from: 'default' },
      },
      identifiers: { em: ['a@b.c'] },
      request: {
        method: 'POST',
        path: '/v',
        body: { data: [{ user_data: { em: ['h'] }, custom_data: { value: 3 } }] },
      },
    } as const;
    expect(sentValues(delivery)).toEqual([
      { field: 'em', from: 'default', value: 'A@b.c', normalized: ['a@b.c'], sent: ['h'] },
      { field: 'value', from: 'mapping', value: 3, normalized: [], sent: 3 },
    ]);
  });
});

describe('a share in words', () => {
  it.each([
    [1, '100%'],
    [0.99999, '>99.9%'],
    [0.00001, '<0.1%'],
    [0, '0%'],
    [0.5, '50%'],
    [Number.NaN, '–'],
  ])('%s', (share, expected) => {
    expect(percent(share)).toBe(expected);
  });
});

describe('how far the reading is behind', () => {
  it.each([
    ['nothing waits', [{ lag: 0, inFlight: 0 }]],
    ['3 records behind, the oldest in flight 2 s old', [{ lag: 3, inFlight: 1, oldestAgeSeconds: 2 }]],
    ['3 records behind', [{ lag: 3, inFlight: 0 }]],
    ['at least 3 records behind', [{ lag: 3, inFlight: 0 }, { inFlight: 0 }]],
    ['2 records in flight, the oldest in flight 1 s old', [{ inFlight: 2, oldestAgeSeconds: 1 }]],
  ])('%s', (expected, partitions) => {
    expect(behindText(partitions)).toBe(expected);
  });
});

describe('what audiences are called together', () => {
  const well = { state: 'well', waiting: 2, joins: 5, leaves: 1 } as const;

  it.each([
    ['1 audience up to date: 5 joined and 1 left since the start.', [well]],
    [
      '1 audience is paused or slowed down; 9 changes wait, none is lost.',
      [well, { ...well, state: 'slowed', waiting: 7 }],
    ],
    ['1 audience takes no changes; 3 changes wait, none is lost.', [well, { ...well, state: 'blocked', waiting: 1 }]],
  ] as const)('%s', (expected, audiences) => {
    expect(audiencesSentence(audiences)).toBe(expected);
  });
});

it('only a lane of conversions is called a dataset', () => {
  expect(laneTitle({ kind: 'conversions', name: 'shop' })).toBe('dataset of shop');
  expect(laneTitle({ kind: 'audience', name: 'audience 7' })).toBe('audience 7');
  expect(laneTitle({ kind: 'search', name: 'audience named 1a2b3c4d' })).toBe('audience named 1a2b3c4d');
  expect(laneTitle({ kind: 'subscription', name: 'shop/Orders' })).toBe('subscription shop/Orders');
});

describe('the audience of an address', () => {
  const audiences = [
    { destination: 'crm', id: '7', name: 'VIP' },
    { destination: 'crm', id: '', name: 'audience named 1a2b3c4d' },
    { destination: 'crm', id: '', name: 'audience named 5e6f7a8b' },
  ];
  const at = (path: string) => chosenAudience(audiences, path.split('/').slice(2).map(decodeURIComponent));

  it('is the one whose row leads there, also while it is looked for', () => {
    expect(audiences.map((audience) => at(audiencePath(audience)))).toEqual(audiences);
  });

  it('is the first where it names none, and none where that is not there', () => {
    expect(at('/audiences')).toBe(audiences[0]);
    expect(at('/audiences/crm/99')).toBeUndefined();
  });
});
