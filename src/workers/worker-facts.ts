import type { Member } from '../api/members/announced-member.ts';
import type { ReportedFacts } from '../api/views/facts.ts';
import type { ConnectorInside } from '../connector/inside.ts';
import type { Holds } from '../connector/holds.ts';

/** What pages about a run are made of. */
export type RunFacts = { readonly [K in keyof ReportedFacts]: ReturnType<ReportedFacts[K]> } & {
  /** By destination; those that nobody has stopped are left out. */
  readonly holds: ReadonlyMap<string, Hold>;
};

/** What a worker tells of itself. */
export type WorkerFacts = RunFacts & { readonly member: Member };

export type Hold = ReturnType<Holds['of']>;

export function factsOf(inside: ConnectorInside, member: Member): WorkerFacts {
  inside.refresh();
  const holds = member.destinations.map((name): readonly [string, Hold] => [name, inside.holds.of(name)]);
  return {
    phase: inside.phase(),
    lanes: inside.lanes(),
    partitions: inside.partitions(),
    heldPartitions: inside.heldPartitions(),
    writeFailures: inside.writeFailures(),
    waits: inside.waits(),
    inFlight: inside.inFlight(),
    parked: inside.parked(),
    matchQuality: inside.matchQuality(),
    changedAudiences: inside.changedAudiences(),
    holds: new Map(holds.filter(([, { state }]) => state !== 'none')),
    member,
  };
}
