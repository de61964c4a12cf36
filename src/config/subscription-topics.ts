import { own } from '../core/json.ts';
import type { Report } from './document.ts';
import { patternOf, topicMatcher, topicNameProblems } from './topic-names.ts';

/** The topics that a destination or a subscription is for. */
export interface TopicFilter {
  /** And patterns. */
  readonly names: readonly string[];
  takes(topic: string): boolean;
}

/** Undefined: it is for all topics. What is wrong with their names is reported, and makes the file one that can't be used. */
export function topicsOf(value: unknown, base: readonly (string | number)[], report: Report): TopicFilter | undefined {
  const listed = own(value, 'topics');
  if (!Array.isArray(listed)) return undefined;
  const names = listed.filter((name) => typeof name === 'string');
  const problems = listed.flatMap((name, index) =>
    typeof name === 'string' ? topicNameProblems(name, ['topics', index]) : [],
  );
  for (const problem of problems) report(problem, base);
  return problems.length === 0 ? { names, takes: topicMatcher(names) } : undefined;
}

export function bothFilters(outer: TopicFilter | undefined, inner: TopicFilter | undefined): TopicFilter | undefined {
  if (outer === undefined || inner === undefined) return outer ?? inner;
  return {
    names: inner.names.filter((name) => patternOf(name) !== undefined || outer.takes(name)),
    takes: (topic) => outer.takes(topic) && inner.takes(topic),
  };
}

/** Certainly no topic is in both; of two patterns that isn't known. */
export function areApart(first: TopicFilter | undefined, second: TopicFilter | undefined): boolean {
  return first !== undefined && second !== undefined && (isOutside(first, second) || isOutside(second, first));
}

function isOutside({ names }: TopicFilter, { takes }: TopicFilter): boolean {
  return names.every((name) => patternOf(name) === undefined && !takes(name));
}
