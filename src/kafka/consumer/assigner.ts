import kafkajs, { type Cluster, type GroupMember, type GroupMemberAssignment, type PartitionAssigner } from 'kafkajs';
import { partitionKey, type TopicPartition } from '../../core/record.ts';
import { hostTopic } from '../client/parking-topic-names.ts';

const { MemberMetadata, MemberAssignment } = kafkajs.AssignerProtocol;

/**
 * The name under which members agree how to share partitions. It is ours alone, so that a broker refuses to let another
 * program into our group, or us into its: without it two programs would silently take half of the records each.
 */
const NAME = 'meta-actions';

export interface AssignerHooks {
  /** A request to join is about to be sent. */
  readonly joining: () => void;
  /** We lead the group, and the shares are about to be told. */
  readonly sharing: () => void;
  /** The client's way to the cluster; there is none before it first joins. */
  readonly cluster: (cluster: Cluster) => void;
  /** What this member reads now. */
  readonly owned: () => readonly TopicPartition[];
}

interface Member {
  readonly id: string;
  readonly topics: readonly string[];
  readonly owned: readonly TopicPartition[];
}

/**
 * Shares the partitions evenly, each topic only among the members that asked for it, and leaves a partition with its
 * owner if that is fair: when a partition moves, its records in flight are sent twice and its audiences wait for a
 * hand-over.
 */
export function createStickyAssigner(hooks: AssignerHooks): PartitionAssigner {
  return ({ cluster }) => ({
    name: NAME,
    version: 1,
    protocol: ({ topics }) => {
      hooks.cluster(cluster);
      hooks.joining();
      const userData = Buffer.from(JSON.stringify(hooks.owned().map(({ topic, partition }) => [topic, partition])));
      return { name: NAME, metadata: MemberMetadata.encode({ version: 1, topics, userData }) };
    },
    assign: async ({ members }) => {
      const known = members.map(memberOf);
      const topics = [...new Set(known.flatMap((member) => member.topics))].sort();
      const shares = sharePartitions(known, await partitionsOf(cluster, topics));
      hooks.sharing();
      return [...shares].map(([id, partitions]) => encodedShare(id, partitions));
    },
  });
}

function memberOf({ memberId, memberMetadata }: GroupMember): Member {
  const metadata = MemberMetadata.decode(memberMetadata);
  return { id: memberId, topics: metadata?.topics ?? [], owned: claimsOf(metadata?.userData) };
}

/** Claims are only preferences, so claims that can't be read are ignored. */
function claimsOf(userData: Buffer | undefined): readonly TopicPartition[] {
  try {
    const pairs = JSON.parse(userData?.toString() ?? '[]') as readonly (readonly [string, number])[];
    return pairs.map(([topic, partition]) => ({ topic, partition }));
  } catch {
    return [];
  }
}

async function partitionsOf(cluster: Cluster, topics: string[]): Promise<readonly TopicPartition[]> {
  await cluster.addMultipleTargetTopics(topics);
  return topics.flatMap((topic) =>
    cluster.findTopicPartitionMetadata(topic).map(({ partitionId }) => ({ topic, partition: partitionId })),
  );
}

/**
 * Plans who reads what. Every partition that at least one member asked for is given to exactly one member. A parking
 * partition goes to the owner of its source partition, who alone writes it, and doesn't count for fairness.
 */
export function sharePartitions(
  members: readonly Member[],
  partitions: readonly TopicPartition[],
): ReadonlyMap<string, readonly TopicPartition[]> {
  const all = new Map(partitions.map((partition) => [partitionKey(partition), partition]));
  const hostOf = ({ topic, partition }: TopicPartition) =>
    all.get(partitionKey({ topic: hostTopic(topic) ?? '', partition }));
  const shares = shareEvenly(
    members,
    partitions.filter((partition) => hostOf(partition) === undefined),
  );
  const owners = new Map([...shares].flatMap(([id, share]) => share.map((partition) => [partitionKey(partition), id])));
  for (const parking of partitions) {
    const host = hostOf(parking);
    if (host === undefined) continue;
    const asked = members.filter(({ topics }) => topics.includes(parking.topic));
    const taker = asked.find(({ id }) => id === owners.get(partitionKey(host))) ?? asked[0];
    if (taker !== undefined) shares.get(taker.id)?.push(parking);
  }
  return shares;
}

function shareEvenly(
  members: readonly Member[],
  partitions: readonly TopicPartition[],
): ReadonlyMap<string, TopicPartition[]> {
  const sorted = [...members].sort((a, b) => (a.id < b.id ? -1 : 1));
  const shares = new Map<string, TopicPartition[]>(sorted.map(({ id }) => [id, []]));
  const shareOf = (member: Member) => shares.get(member.id) ?? [];
  const free = new Map(partitions.map((partition) => [partitionKey(partition), partition]));
  const fair = Math.floor(partitions.length / Math.max(1, members.length));
  let larger = partitions.length - fair * members.length;
  for (const member of sorted) {
    const wanted = member.owned.filter((claim) => member.topics.includes(claim.topic) && free.has(partitionKey(claim)));
    const claims = [...new Map(wanted.map((claim) => [partitionKey(claim), claim])).values()];
    const keeps = claims.length > fair && larger > 0 ? fair + 1 : fair;
    if (keeps > fair) larger--;
    for (const claim of claims.slice(0, keeps)) {
      free.delete(partitionKey(claim));
      shareOf(member).push(claim);
    }
  }
  for (const partition of free.values()) {
    const takers = sorted.filter(({ topics }) => topics.includes(partition.topic));
    const least = takers.reduce<Member | undefined>(
      (best, taker) => (best === undefined || shareOf(taker).length < shareOf(best).length ? taker : best),
      undefined,
    );
    if (least !== undefined) shareOf(least).push(partition);
  }
  return shares;
}

function encodedShare(memberId: string, partitions: readonly TopicPartition[]): GroupMemberAssignment {
  const assignment: Record<string, number[]> = {};
  for (const { topic, partition } of partitions) assignment[topic] = [...(assignment[topic] ?? []), partition];
  return { memberId, memberAssignment: MemberAssignment.encode({ version: 1, assignment, userData: Buffer.alloc(0) }) };
}
