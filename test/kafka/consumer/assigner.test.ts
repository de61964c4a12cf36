import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sharePartitions } from '../../../src/kafka/consumer/assigner.ts';
import { partitionKey } from '../../../src/core/record.ts';

const partitionsOf = (topics: Readonly<Record<string, number>>) =>
  Object.entries(topics).flatMap(([topic, count]) =>
    Array.from({ length: count }, (_, partition) => ({ topic, partition })),
  );

const same = fc.record({ members: fc.integer({ min: 1, max: 7 }), a: fc.nat(12), b: fc.nat(12) });

describe('sharing partitions', () => {
  it('gives each to exactly one member and nobody two more than another', () => {
    fc.assert(
      fc.property(same, fc.array(fc.tuple(fc.nat(6), fc.nat(23))), ({ members, a, b }, claims) => {
        const partitions = partitionsOf({ a, b });
        const group = Array.from({ length: members }, (_, id) => ({
          id: `m${id}`,
          topics: ['a', 'b'],
          owned: claims.flatMap(([by, at]) => (by === id ? (partitions[at] ?? []) : [])),
        }));
        const shares = [...sharePartitions(group, partitions).values()];
        expect(shares.flat().map(partitionKey).sort()).toEqual(partitions.map(partitionKey).sort());
        const sizes = shares.map((share) => share.length);
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('moves no partition that need not move when a member comes or goes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), fc.nat(20), (members, count) => {
        const partitions = partitionsOf({ a: count });
        const fresh = Array.from({ length: members + 1 }, (_, id) => ({
          id: `m${id}`,
          topics: ['a'],
          owned: [] as typeof partitions,
        }));
        const before = sharePartitions(fresh.slice(0, members), partitions);
        const again = fresh.map((one) => ({ ...one, owned: [...(before.get(one.id) ?? [])] }));
        const after = sharePartitions(again, partitions);
        const moved = partitions.filter(
          (one) => !again.some(({ id, owned }) => owned.includes(one) && after.get(id)?.includes(one)),
        );
        expect(moved.length).toBe(after.get(`m${members}`)?.length);
        const left = again.slice(1).map((one) => ({ ...one, owned: [...(after.get(one.id) ?? [])] }));
        const alone = sharePartitions(left, partitions);
        for (const { id, owned } of left) for (const one of owned) expect(alone.get(id)).toContainEqual(one);
      }),
    );
  });

  it('gives a topic only to members that asked for it, and leaves none of those unread', () => {
    const partitions = partitionsOf({ a: 4, b: 2 });
    const shares = sharePartitions(
      [
        { id: 'old', topics: ['a'], owned: partitions },
        { id: 'new', topics: ['a', 'b'], owned: [] },
      ],
      partitions,
    );
    expect(shares.get('old')?.every(({ topic }) => topic === 'a')).toBe(true);
    expect([...shares.values()].flat().length).toBe(6);
  });

  it('DELIVERY 6: gives a parking partition to whom its source partition goes to, whatever was claimed', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 12 }),
        fc.array(fc.tuple(fc.nat(4), fc.nat(35))),
        (members, count, claims) => {
          const topics = { shop: count, 'shop.parked.one': count, 'shop.parked.two': count };
          const partitions = partitionsOf(topics);
          const group = Array.from({ length: members }, (_, id) => ({
            id: `m${id}`,
            topics: Object.keys(topics),
            owned: claims.flatMap(([by, at]) => (by === id ? (partitions[at] ?? []) : [])),
          }));
          const shares = sharePartitions(group, partitions);
          expect([...shares.values()].flat().map(partitionKey).sort()).toEqual(partitions.map(partitionKey).sort());
          for (const share of shares.values()) {
            const numbersOf = (name: string) =>
              share.flatMap(({ topic, partition }) => (topic === name ? [partition] : [])).sort();
            expect(numbersOf('shop.parked.one')).toEqual(numbersOf('shop'));
            expect(numbersOf('shop.parked.two')).toEqual(numbersOf('shop'));
          }
        },
      ),
    );
  });
});
