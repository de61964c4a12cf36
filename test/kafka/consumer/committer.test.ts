import { describe, expect, it } from 'vitest';
import { createAssignment } from '../../../src/kafka/consumer/assignment.ts';
import { createCommitter, type OffsetToCommit } from '../../../src/kafka/consumer/committer.ts';

const at = (partition: number, offset: number, epoch = 1) => ({ topic: 't', partition, offset, epoch });

/** Partitions 0 and 1 are ours under epoch 1. `answer` decides what becomes of a request. */
function committing(answer: 'acknowledge' | 'silence' | Error = 'acknowledge') {
  const assignment = createAssignment();
  const { gained } = assignment.join(
    [0, 1].map((partition) => ({ topic: 't', partition })),
    false,
  );
  for (const one of gained) Object.assign(one, { phase: 'reading', epoch: 1 });
  const sent: OffsetToCommit[][] = [];
  const committer = createCommitter(assignment, async (offsets) => {
    sent.push([...offsets]);
    await Promise.resolve();
    if (answer instanceof Error) throw answer;
    if (answer === 'acknowledge') {
      committer.acknowledged(
        offsets.map(({ topic, partition, offset }) => ({ topic, partition, offset: String(offset) })),
      );
    }
  });
  return { assignment, committer, sent };
}

const refused = (type: string) => Object.assign(new Error(type), { name: 'KafkaJSProtocolError', type });

describe('rule 3: commits', () => {
  it('are sent in the same tick in which ownership was compared', () => {
    const { committer, sent, assignment } = committing();
    void committer.commit([at(0, 5)]);
    expect(sent).toMatchObject([[{ partition: 0, offset: 5 }]]);
    assignment.clear();
    void committer.commit([at(0, 6)]);
    expect(sent.length).toBe(1);
  });

  it('leave out what is not ours in that epoch and say so', async () => {
    const { committer, sent } = committing();
    expect(await committer.commit([at(0, 5), at(1, 5, 2), at(2, 5)])).toBe('fenced');
    expect(sent).toMatchObject([[{ partition: 0, offset: 5 }]]);
    expect(await committer.commit([at(1, 5, 2)])).toBe('fenced');
    expect(sent.length).toBe(1);
    expect(await committer.commit([at(1, 5), at(0, 6)])).toBe('committed');
  });

  it('have failed when nobody acknowledged them, though nothing was thrown', async () => {
    const { committer } = committing('silence');
    expect(await committer.commit([at(0, 5)])).toBe('failed');
  });

  it('are not acknowledged by the answer to an earlier one of the same offset', async () => {
    const { committer } = committing('silence');
    committer.acknowledged([{ topic: 't', partition: 0, offset: '5' }]);
    expect(await committer.commit([at(0, 5)])).toBe('failed');
  });

  it.each(['ILLEGAL_GENERATION', 'UNKNOWN_MEMBER_ID'])('are fenced when the coordinator says %s', async (type) => {
    const { committer } = committing(refused(type));
    expect(await committer.commit([at(0, 5)])).toBe('fenced');
  });

  it.each(['REBALANCE_IN_PROGRESS', 'NOT_COORDINATOR_FOR_GROUP'])('have failed, for now, on %s', async (type) => {
    const { committer } = committing(refused(type));
    expect(await committer.commit([at(0, 5)])).toBe('failed');
  });
});
