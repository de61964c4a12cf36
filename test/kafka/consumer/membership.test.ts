import { describe, expect, test } from 'vitest';
import { createMembership } from '../../../src/kafka/consumer/membership.ts';

function joinedOnce() {
  const membership = createMembership();
  membership.joining();
  membership.answered('SyncGroup', 1_000);
  return { membership, first: membership.joined('member-1') };
}

describe('a membership', () => {
  test('goes on without a break when one request to join gave us the same id again', () => {
    const { membership, first } = joinedOnce();
    expect(first.continuous).toBe(false);
    membership.joining();
    expect(membership.joined('member-1').continuous).toBe(true);
  });

  test.each([
    ['a second request to join was sent', 2, 'member-1'],
    ['the group gave us another id', 1, 'member-2'],
  ])('has a break when %s', (_, requests, id) => {
    const { membership } = joinedOnce();
    for (let sent = 0; sent < requests; sent += 1) membership.joining();
    expect(membership.joined(id).continuous).toBe(false);
  });

  test('goes on when the group refused the shares that we told as its leader, and not when we were not that', () => {
    const { membership } = joinedOnce();
    const join = (asLeader: boolean) => {
      membership.joining();
      if (asLeader) membership.sharing();
    };
    for (const asLeader of [true, true, false]) join(asLeader);
    expect(membership.joined('member-1').continuous).toBe(true);
    for (const asLeader of [true, false, true]) join(asLeader);
    expect(membership.joined('member-1').continuous).toBe(false);
    join(false);
    expect(membership.joined('member-1').continuous).toBe(true);
  });

  test('makes void what was begun under an earlier join, and under one that we have left', () => {
    const { membership, first } = joinedOnce();
    expect(first.isCurrent()).toBe(true);
    const second = membership.joined('member-1');
    expect([first.isCurrent(), second.isCurrent()]).toEqual([false, true]);
    membership.left('no broker answered');
    expect([second.isCurrent(), membership.isJoined()]).toEqual([false, false]);
  });

  test('says why nothing is read, until the group counts us in again', () => {
    const membership = createMembership();
    expect(membership.trouble()).toBe('it is joining its consumer group');
    membership.joined('member-1');
    expect(membership.trouble()).toBeUndefined();
    membership.left('no broker answered');
    expect(membership.trouble()).toBe('no broker answered');
    membership.joined('member-1');
    expect(membership.trouble()).toBeUndefined();
  });
});

describe('DELIVERY 24: the last sign that the group counts us in', () => {
  test('is the sending of the request, not the reading of its answer', () => {
    const { membership } = joinedOnce();
    expect(membership.heartbeatAt()).toBe(1_000);
    membership.answered('Heartbeat', 4_000);
    membership.answered('Fetch', 9_000);
    membership.heartbeat();
    expect(membership.heartbeatAt()).toBe(4_000);
  });

  test('is not a heartbeat that was answered with a refusal', () => {
    const { membership } = joinedOnce();
    membership.answered('Heartbeat', 4_000);
    expect(membership.heartbeatAt()).toBe(1_000);
  });

  test('is none after we have left', () => {
    const { membership } = joinedOnce();
    membership.left('no broker answered');
    expect(membership.heartbeatAt()).toBe(Number.NEGATIVE_INFINITY);
  });
});
