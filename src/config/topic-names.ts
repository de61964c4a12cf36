import type { Diagnostic } from '../core/diagnostic.ts';
import { messageOf } from '../core/errors.ts';

/** What Kafka allows in the name of a topic; or a file, which is read as a topic of one partition. */
const topicName = /^([A-Za-z0-9._-]{1,249}|file:.+)$/;

/** The items of a list of names and `/patterns/`; a comma within a pattern, as of `/orders-\\d{1,3}/`, divides nothing. */
export function splitTopics(text: string): readonly string[] {
  const items = text.match(/\/[^/]+\/(?=\s*(?:,|$))|[^,\s][^,]*/g) ?? [];
  return items.map((item) => item.trim());
}

/** The names of topics and `/patterns/` as people write them: what is wrong with one. */
export function topicNameProblems(name: string, path: readonly (string | number)[]): readonly Diagnostic[] {
  const pattern = patternIn(name);
  if (pattern === undefined) {
    if (topicName.test(name)) return [];
    return [problem(name, path, 'is neither the name of a topic nor a pattern', 'write a name, or /expression/')];
  }
  try {
    new RegExp(pattern);
    return [];
  } catch (error) {
    return [problem(name, path, `is no regular expression: ${messageOf(error)}`, 'correct the expression')];
  }
}

function problem(name: string, path: readonly (string | number)[], what: string, fix: string): Diagnostic {
  return { severity: 'error', code: 'CONFIG_VALUE', path, message: `"${name}" ${what}`, fix };
}

/** Undefined: it is a name, not a pattern. */
export function patternOf(name: string): RegExp | undefined {
  const pattern = patternIn(name);
  return pattern === undefined ? undefined : new RegExp(pattern);
}

function patternIn(name: string): string | undefined {
  return name.length > 2 && name.startsWith('/') && name.endsWith('/') ? name.slice(1, -1) : undefined;
}

/** Whether a topic is one of those. */
export function topicMatcher(names: readonly string[]): (topic: string) => boolean {
  const exact = new Set(names.filter((name) => patternOf(name) === undefined));
  const patterns = names.flatMap((name) => patternOf(name) ?? []);
  return (topic) => exact.has(topic) || patterns.some((pattern) => pattern.test(topic));
}
