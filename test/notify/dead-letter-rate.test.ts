import { expect, it } from 'vitest';
import { createDeadLetterRate } from '../../src/notify/dead-letter-rate.ts';

const minute = 60_000;

function counted() {
  let at = 0;
  const rate = createDeadLetterRate({ share: 0.05, monotonic: () => at });
  return {
    conditions: rate.conditions,
    pass: (minutes: number) => {
      at += minutes * minute;
    },
    read: (count: number) => rate.observer.emit({ kind: 'records_read', topic: 't', count, bytes: 0 }),
    setAside(count: number, code: string) {
      for (let index = 0; index < count; index += 1) {
        rate.observer.emit({
          ...{ kind: 'dead_letter', destination: 'shop', subscription: 'orders', code, message: 'no' },
          ...{ topic: 't', partition: 0, offset: index },
        });
      }
    },
  };
}

it('says that more was set aside than may be, with the commonest reasons, until a quarter of an hour has passed', () => {
  const { conditions, pass, read, setAside } = counted();
  read(1_000);
  setAside(50, 'PURCHASE_VALUE_MISSING');
  expect(conditions()).toEqual([]);
  pass(5);
  setAside(1, 'EVENT_TOO_OLD');
  expect(conditions()).toMatchObject([
    { message: expect.stringContaining('51 of 1000 records'), code: 'DEAD_LETTER_RATE' },
  ]);
  expect(conditions()[0]?.message).toContain('PURCHASE_VALUE_MISSING 50, EVENT_TOO_OLD 1');
  pass(11);
  expect(conditions()).toEqual([]);
});

it('says nothing of a few, whatever their share', () => {
  const { conditions, read, setAside } = counted();
  read(19);
  setAside(19, 'EVENT_TOO_OLD');
  expect(conditions()).toEqual([]);
  setAside(1, 'EVENT_TOO_OLD');
  expect(conditions()).toHaveLength(1);
});
