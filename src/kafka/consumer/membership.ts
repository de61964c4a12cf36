/** What is known of this process as a member of its consumer group. */
export interface Membership {
  /** A request to join is about to be sent. */
  joining(): void;
  /** As the leader of the group we are about to tell the shares. */
  sharing(): void;
  /**
   * The group has counted us in. `continuous`: nobody else can have had our partitions since the last time, because we
   * have the same member id and sent one single request to join. A group can't complete a generation without a member
   * and keep its id, but a second request means that a generation was formed in which a partition may have been
   * another's; unless we were its leader, because then nobody got a share: the group refused ours. `isCurrent`: no other join, and no departure, has come since.
   */
  joined(memberId: string): { readonly continuous: boolean; isCurrent(): boolean };
  /** The consumer takes no orders until it joins again. */
  suspend(): void;
  /** We are no member any more; `reason`: why, in words with what to do. */
  left(reason: string): void;
  /** Why this process reads nothing, in words; undefined: it is a member. */
  trouble(): string | undefined;
  isJoined(): boolean;
  /** A request that was sent at this time (by the monotonic clock) has an answer. */
  answered(request: string, sentAt: number): void;
  /** The answer to the last heartbeat counts us in. */
  heartbeat(): void;
  /** When the last request was sent by whose answer the group counts us in (by the monotonic clock); -Infinity: it doesn't. */
  heartbeatAt(): number;
}

export function createMembership(): Membership {
  let generation = 0;
  let isJoined = false;
  let memberId = '';
  let requestsToJoin = 0;
  /** The latest request to join made us the leader. */
  let leads = false;
  /** Others may have got shares in a generation that we didn't take part in. */
  let missedOne = false;
  let leftBecause: string | undefined;
  let heartbeatAt = Number.NEGATIVE_INFINITY;
  /** When the last heartbeat, or request for our share, was sent that was answered at all. */
  let answeredSentAt = Number.NEGATIVE_INFINITY;

  return {
    joining: () => {
      missedOne ||= requestsToJoin > 0 && !leads;
      requestsToJoin += 1;
      leads = false;
    },
    sharing: () => {
      leads = true;
    },
    joined: (id) => {
      const continuous = id === memberId && requestsToJoin > 0 && !missedOne;
      memberId = id;
      requestsToJoin = 0;
      missedOne = false;
      isJoined = true;
      leftBecause = undefined;
      heartbeatAt = answeredSentAt;
      generation += 1;
      const own = generation;
      return { continuous, isCurrent: () => own === generation };
    },
    suspend: () => {
      isJoined = false;
    },
    left: (reason) => {
      generation += 1;
      leftBecause = reason;
      isJoined = false;
      heartbeatAt = Number.NEGATIVE_INFINITY;
    },
    trouble: () => (isJoined ? undefined : (leftBecause ?? 'it is joining its consumer group')),
    isJoined: () => isJoined,
    answered: (request, sentAt) => {
      if (request === 'Heartbeat' || request === 'SyncGroup') answeredSentAt = sentAt;
    },
    heartbeat: () => {
      heartbeatAt = answeredSentAt;
    },
    heartbeatAt: () => heartbeatAt,
  };
}
