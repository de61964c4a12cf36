import { type AudienceChange, type AudienceTarget, type AudienceUpdate, targetKey } from '../core/audience.ts';
import { createFingerprintTable, type FingerprintTable, hashOf, type Room } from './fingerprint-table.ts';

/** People whom the history leaves in one state, under each configuration. */
export interface PeopleCounts {
  readonly old: number;
  readonly new: number;
  readonly onlyOld: number;
  readonly onlyNew: number;
}

/** What the history comes to for one audience, each person counted once. */
export interface AudienceDiff {
  /** Its id, or its name. */
  readonly audience: string;
  /** The last change adds them. */
  readonly added: PeopleCounts;
  /** The last change removes them. */
  readonly removed: PeopleCounts;
}

export interface MembersResult {
  /** In the order in which the history names them. */
  readonly audiences: readonly AudienceDiff[];
  /** Changes that weren't followed, since there were too many people or audiences. */
  readonly notFollowed: number;
}

/** The updates that one event asks for, under each configuration. */
export interface UpdatesOfEvent {
  readonly old: readonly AudienceUpdate[];
  readonly new: readonly AudienceUpdate[];
}

/** Follows who ends up where. Of each person it keeps a fingerprint and two states. */
export interface Members {
  take(updates: UpdatesOfEvent): void;
  result(): MembersResult;
}

const maxPeople = 8_000_000;
const maxAudiences = 1_000;

/** Two bits a side. */
const bitsOf = { old: 0, new: 2 } as const;
type Side = keyof typeof bitsOf;
const states = { add: 1, replace: 1, remove: 2 } as const;

interface Followed {
  readonly audience: string;
  readonly people: FingerprintTable;
  /** By whom the new side knows a person, to by whom the old side does, where that differs. */
  readonly aliases: FingerprintTable;
}

export function createMembers(limits = { people: maxPeople, audiences: maxAudiences }): Members {
  const room: Room = { left: limits.people };
  const audiences = new Map<string, Followed>();
  let notFollowed = 0;

  function followed(target: AudienceTarget): Followed | undefined {
    const key = targetKey(target);
    const known = audiences.get(key);
    if (known !== undefined || audiences.size >= limits.audiences) return known;
    const audience = {
      audience: target.kind === 'id' ? target.id : target.name,
      people: createFingerprintTable(room, Uint8Array),
      aliases: createFingerprintTable(room, Float64Array),
    };
    audiences.set(key, audience);
    return audience;
  }

  function takeSide(updates: readonly AudienceUpdate[], side: Side): void {
    for (const { target, changes } of updates) {
      const found = followed(target);
      if (found === undefined) {
        notFollowed += changes.length;
        continue;
      }
      if (changes.some(({ operation }) => operation === 'replace')) removeAll(found, side);
      for (const { user, operation } of changes) {
        const hash = hashOf(user);
        const person = found.aliases.get(hash) || hash;
        const before = found.people.update(person, (bits) => withState(bits, side, states[operation]));
        if (before === undefined) notFollowed += 1;
      }
    }
  }

  /** The two sides may know a person by different columns; whoever shares an identifier is the same person. */
  function pair({ old, new: after }: UpdatesOfEvent): void {
    for (const update of after) {
      const key = targetKey(update.target);
      const before = old.filter(({ target }) => targetKey(target) === key).flatMap(({ changes }) => changes);
      const found = before.length === 0 ? undefined : audiences.get(key);
      if (found !== undefined) pairChanges(found, before, update.changes);
    }
  }

  return {
    take(updates) {
      if (updates.old.length === 0 && updates.new.length === 0) return;
      takeSide(updates.old, 'old');
      pair(updates);
      takeSide(updates.new, 'new');
    },
    result: () => ({ audiences: [...audiences.values()].map(diffOf), notFollowed }),
  };
}

function withState(bits: number, side: Side, state: number): number {
  return (bits & ~(3 << bitsOf[side])) | (state << bitsOf[side]);
}

function stateOf(bits: number, side: Side): number {
  return (bits >> bitsOf[side]) & 3;
}

/** Whom a replacement doesn't name has left. */
function removeAll({ people }: Followed, side: Side): void {
  people.updateAll((bits) => (stateOf(bits, side) === states.add ? withState(bits, side, states.remove) : bits));
}

function pairChanges(
  { people, aliases }: Followed,
  before: readonly AudienceChange[],
  after: readonly AudienceChange[],
): void {
  const users = new Set(before.map(({ user }) => user));
  const strangers = after.filter(({ user }) => !users.has(user));
  if (strangers.length === 0) return;
  const owners = new Map(before.flatMap(({ user, identifiers }) => identifiers.map((each) => [each, user] as const)));
  for (const { user, identifiers } of strangers) {
    const owner = identifiers.map((each) => owners.get(each)).find((each) => each !== undefined);
    if (owner === undefined) continue;
    const [own, shared] = [hashOf(user), hashOf(owner)];
    if (aliases.update(own, () => shared) !== 0) continue;
    // What the new side did before it was known who this is.
    const state = stateOf(people.get(own), 'new');
    if (state === 0) continue;
    people.update(own, (bits) => withState(bits, 'new', 0));
    people.update(shared, (bits) => withState(bits, 'new', state));
  }
}

function diffOf({ audience, people }: Followed): AudienceDiff {
  const byState = people.counts();
  const sum = (isCounted: (bits: number) => boolean) =>
    byState.reduce((total, number, bits) => total + (isCounted(bits) ? number : 0), 0);
  const counts = (state: number): PeopleCounts => {
    const [old, after] = (['old', 'new'] as const).map((side) => (bits: number) => stateOf(bits, side) === state);
    return {
      old: sum((bits) => old?.(bits) === true),
      new: sum((bits) => after?.(bits) === true),
      onlyOld: sum((bits) => old?.(bits) === true && after?.(bits) !== true),
      onlyNew: sum((bits) => after?.(bits) === true && old?.(bits) !== true),
    };
  };
  return { audience, added: counts(states.add), removed: counts(states.remove) };
}
