import { count, plural } from '../lib/numbers.ts';
import type { Need } from './api-types.ts';

/** What stands still for one and the same reason: one thing for a person to put right. */
export interface NeedGroup {
  readonly needs: readonly [Need, ...Need[]];
  /** What is wrong, in a sentence. */
  readonly title: string;
}

const fewNames = 3;

export function needGroups(needs: readonly Need[]): readonly NeedGroup[] {
  const groups = new Map<string, [Need, ...Need[]]>();
  for (const need of needs) {
    const { state, code, cause, fix, lane, id } = need;
    const key = JSON.stringify(state === 'blocked' && lane !== undefined ? [code, cause, fix] : [id]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [need]);
    else group.push(need);
  }
  return [...groups.values()].map((group) => ({ needs: group, title: titleOf(group) }));
}

/** The most urgent one in a sentence, and how many there are beside it; undefined: nothing stands still. */
export function needsSentence(needs: readonly Need[]): string | undefined {
  const [first, ...others] = needGroups(needs.filter(({ state }) => state !== 'warning'));
  if (first === undefined) return undefined;
  return others.length === 0
    ? first.title
    : `${first.title} ${plural(others.length, 'more thing needs', 'more things need')} you.`;
}

function titleOf([first, ...others]: NeedGroup['needs']): string {
  if (others.length === 0) return first.title;
  const names = [first, ...others].map(({ lane }) => lane ?? '');
  const waiting = [first, ...others].reduce((sum, need) => sum + (need.waiting ?? 0), 0);
  const lost = waiting === 0 ? '' : `: ${plural(waiting, 'event waits', 'events wait')}`;
  return `${listed(names)} are blocked. Nothing is lost${lost}.`;
}

function listed(names: readonly string[]): string {
  const last = names.at(-1) ?? '';
  if (names.length <= fewNames) return `${names.slice(0, -1).join(', ')} and ${last}`;
  return `${names.slice(0, fewNames - 1).join(', ')} and ${count(names.length - fewNames + 1)} others`;
}
