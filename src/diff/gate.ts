import { ConnectorError } from '../core/errors.ts';
import type { ComparisonResult } from './comparison.ts';
import type { AudienceDiff } from './members.ts';
import type { SubscriptionDiff } from './subscription-diff.ts';

/** What a gate can look at, of each subscription. */
const figures: Readonly<Record<string, (diff: SubscriptionDiff) => number>> = {
  gained: ({ gained }) => gained,
  lost: ({ lost }) => lost,
  changed: ({ changed }) => changed,
  dead_letters: ({ deadLettersAppear }) => total(deadLettersAppear),
  duplicates: (diff) => diff.new.duplicates - diff.old.duplicates,
  additions_lost: (diff) => (diff.old.audience.get('add') ?? 0) - (diff.new.audience.get('add') ?? 0),
  removals_lost: (diff) => (diff.old.audience.get('remove') ?? 0) - (diff.new.audience.get('remove') ?? 0),
};

/** And of each audience. */
const ofAudiences: Readonly<Record<string, (diff: AudienceDiff) => readonly [figure: number, whole: number]>> = {
  members_gained: ({ added }) => [added.onlyNew, added.old],
  members_lost: ({ added }) => [added.onlyOld, added.old],
  members_kept: ({ removed }) => [removed.onlyOld, removed.old],
};

/** A condition under which a difference is not wanted: `lost>0`, `changed>1%` (of what the old configuration sends). */
export interface Gate {
  readonly text: string;
  /** The subscriptions, or audiences, for which it is met. */
  failing(result: ComparisonResult): readonly string[];
}

/** @throws ConnectorError `USAGE` that says how a gate is written. */
export function parseGate(text: string): Gate {
  const [, name = '', operator, bound, percent] = /^\s*(\w+)\s*(>=|>)\s*(\d+(?:\.\d+)?)\s*(%?)\s*$/.exec(text) ?? [];
  const ofSubscription = Object.hasOwn(figures, name) ? figures[name] : undefined;
  const ofAudience = Object.hasOwn(ofAudiences, name) ? ofAudiences[name] : undefined;
  if (ofSubscription === undefined && ofAudience === undefined) {
    const known = [...Object.keys(figures), ...Object.keys(ofAudiences)].join(', ');
    throw new ConnectorError('USAGE', `--fail-on "${text}": write lost>0 or changed>1%, with one of ${known}`);
  }
  const isMet = ([figure, whole]: readonly [figure: number, whole: number]) => {
    const value = percent === '%' ? (100 * figure) / Math.max(1, whole) : figure;
    return operator === '>=' ? value >= Number(bound) : value > Number(bound);
  };
  return {
    text: text.trim(),
    failing: ({ subscriptions, audiences }) => [
      ...subscriptions
        .filter((diff) => ofSubscription !== undefined && isMet([ofSubscription(diff), diff.old.sent]))
        .map(({ destination, subscription }) => `${destination}/${subscription}`),
      ...audiences
        .filter((diff) => ofAudience !== undefined && isMet(ofAudience(diff)))
        .map(({ audience }) => `audience ${audience}`),
    ],
  };
}

function total(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((sum, each) => sum + each, 0);
}
