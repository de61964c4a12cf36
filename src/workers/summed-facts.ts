import type { IdentifierCounts, SubscriptionQuality } from '../observe/match-quality.ts';
import { worstLanes } from './summed-lanes.ts';
import type { Hold, RunFacts } from './worker-facts.ts';

type Rules = { readonly [K in keyof RunFacts]: (all: readonly RunFacts[K][]) => RunFacts[K] };

/** How what each worker tells becomes what the run tells: without a rule for each member it doesn't compile. */
const rules: Rules = {
  phase: (all) => phases.find((phase) => all.includes(phase)) ?? 'starting',
  lanes: (all) => worstLanes(all.flat()),
  partitions: (all) => all.flat(),
  heldPartitions: (all) => all.flat(),
  writeFailures: (all) => [...new Map(all.flat().map((failure) => [failure.subject, failure])).values()],
  waits: (all) => [...new Set(all.flat())],
  inFlight: (all) => ({ records: sumOf(all, 'records'), bytes: sumOf(all, 'bytes') }),
  parked: (all) =>
    together(
      all.flatMap((parked) => [...parked]),
      (a, b) => a + b,
    ),
  matchQuality: (all) => [...together(all.flat().map(ofSubscription), addQuality).values()],
  changedAudiences: (all) => [...together(all.flat().map(ofAudience), addAudience).values()],
  holds: (all) =>
    together(
      all.flatMap((holds) => [...holds]),
      addHold,
    ),
};

/** The first that one of them is in is what the run is in: while one runs, the run does. */
const phases = ['running', 'starting', 'stopping', 'failed'] as const;

/** What the run tells. */
export function addUpFacts(all: readonly RunFacts[]): RunFacts {
  const of = <K extends keyof Rules>(name: K) => rules[name](all.map((facts) => facts[name]));
  return {
    phase: of('phase'),
    lanes: of('lanes'),
    partitions: of('partitions'),
    heldPartitions: of('heldPartitions'),
    writeFailures: of('writeFailures'),
    waits: of('waits'),
    inFlight: of('inFlight'),
    parked: of('parked'),
    matchQuality: of('matchQuality'),
    changedAudiences: of('changedAudiences'),
    holds: of('holds'),
  };
}

/** What a process that has ended had counted, which goes on being counted. */
export function countedIn({
  matchQuality,
  changedAudiences,
}: RunFacts): Pick<RunFacts, 'matchQuality' | 'changedAudiences'> {
  return { matchQuality, changedAudiences };
}

type Audience = RunFacts['changedAudiences'][number];

function ofSubscription(quality: SubscriptionQuality): readonly [string, SubscriptionQuality] {
  return [JSON.stringify([quality.destination, quality.subscription]), quality];
}

function ofAudience(audience: Audience): readonly [string, Audience] {
  return [audience.id, audience];
}

function addQuality(a: SubscriptionQuality, b: SubscriptionQuality): SubscriptionQuality {
  return { ...a, events: a.events + b.events, fields: together([...a.fields, ...b.fields], addCounts) };
}

function addCounts(a: IdentifierCounts, b: IdentifierCounts): IdentifierCounts {
  const names = Object.keys(a) as (keyof IdentifierCounts)[];
  return Object.fromEntries(names.map((name) => [name, a[name] + b[name]])) as IdentifierCounts;
}

function addAudience(a: Audience, b: Audience): Audience {
  const lastAt = Math.max(a.lastAt ?? 0, b.lastAt ?? 0);
  return {
    ...a,
    joins: a.joins + b.joins,
    leaves: a.leaves + b.leaves,
    rejected: a.rejected + b.rejected,
    ...(lastAt > 0 && { lastAt }),
  };
}

/** Paused only where all are: one that still sends what it had taken is draining. */
function addHold(a: Hold, b: Hold): Hold {
  const isPaused = a.state === 'paused' && b.state === 'paused';
  return { state: isPaused ? 'paused' : 'draining', waiting: a.waiting + b.waiting };
}

function together<T>(entries: readonly (readonly [string, T])[], add: (a: T, b: T) => T): ReadonlyMap<string, T> {
  const sums = new Map<string, T>();
  for (const [name, value] of entries) {
    const before = sums.get(name);
    sums.set(name, before === undefined ? value : add(before, value));
  }
  return sums;
}

function sumOf<N extends string>(all: readonly Readonly<Record<N, number>>[], name: N): number {
  return all.reduce((sum, each) => sum + each[name], 0);
}
