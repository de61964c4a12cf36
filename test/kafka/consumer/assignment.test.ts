import { describe, expect, it } from 'vitest';
import { createAssignment } from '../../../src/kafka/consumer/assignment.ts';

const given = (...partitions: number[]) => partitions.map((partition) => ({ topic: 't', partition }));
const numbers = (partitions: readonly { readonly partition: number }[]) => partitions.map(({ partition }) => partition);

/** Partitions 0, 1 and 2, of which 2 isn't handed over yet. */
function holding() {
  const assignment = createAssignment();
  for (const one of assignment.join(given(0, 1, 2), false).gained.slice(0, 2)) one.epoch = 1;
  return assignment;
}

describe('comparing assignments', () => {
  it('keeps what stays, when nobody else can have had it', () => {
    const assignment = holding();
    const { kept, gained, lost } = assignment.join(given(1, 2, 3), true);
    expect([numbers(kept), numbers(gained), numbers(lost)]).toEqual([[1], [2, 3], [0, 2]]);
    expect(assignment.get({ topic: 't', partition: 1 })?.epoch).toBe(1);
    expect(assignment.get({ topic: 't', partition: 0 })).toBeUndefined();
  });

  it('keeps nothing when somebody else may have had it', () => {
    const { kept, gained, lost } = holding().join(given(0, 1), false);
    expect([numbers(kept), numbers(gained), numbers(lost)]).toEqual([[], [0, 1], [0, 1, 2]]);
  });

  it('loses everything at once', () => {
    const assignment = holding();
    expect(numbers(assignment.clear())).toEqual([0, 1, 2]);
    expect(assignment.all()).toEqual([]);
  });
});
