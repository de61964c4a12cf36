import type { TopicIds } from '../client/topic-ids.ts';

/** Which log stands behind each topic's name. */
export interface TopicLogs {
  /** Asks the cluster. Rejects when it doesn't answer. */
  lookUp(topics: readonly string[]): Promise<TopicIds>;
  /** The topic had another log since this process began. */
  wasRemade(topic: string): boolean;
  /** The cluster has said that these don't exist. */
  missing(topics: readonly string[]): void;
  /** Topics that were there and don't exist any more. */
  gone(): ReadonlySet<string>;
  /** A topic wasn't there at the last look, but may be: a broker can be a moment behind. */
  isUncertain(): boolean;
}

export function createTopicLogs(ask: (topics: readonly string[]) => Promise<TopicIds>): TopicLogs {
  const current = new Map<string, string>();
  const former = new Map<string, Set<string>>();
  const gone = new Set<string>();
  let doubted: ReadonlySet<string> = new Set();

  function take(topic: string, id: string): void {
    const before = current.get(topic);
    // A broker that is a moment behind may still name a log that is gone; none ever comes back.
    if (before === id || former.get(topic)?.has(id) === true) return;
    current.set(topic, id);
    if (before === undefined) return;
    const gone = former.get(topic) ?? new Set();
    former.set(topic, gone.add(before));
  }

  return {
    async lookUp(topics) {
      const answer = await ask(topics);
      for (const [topic, id] of answer) take(topic, id);
      const absent = topics.filter((topic) => current.has(topic) && !answer.has(topic));
      for (const topic of answer.keys()) gone.delete(topic);
      for (const topic of absent) if (doubted.has(topic)) gone.add(topic);
      doubted = new Set([...doubted, ...absent].filter((topic) => !answer.has(topic)));
      return new Map(
        topics.flatMap((topic) => {
          const id = current.get(topic);
          return id === undefined ? [] : [[topic, id] as const];
        }),
      );
    },
    wasRemade: (topic) => former.has(topic),
    missing(topics) {
      for (const topic of topics) gone.add(topic);
    },
    gone: () => gone,
    isUncertain: () => [...doubted].some((topic) => !gone.has(topic)),
  };
}

const prefix = 'log=';

/** What is committed beside a position: the log that the position belongs to, and what the pipeline says. */
export function printCommitText(log: string | undefined, metadata: string | undefined): string | undefined {
  if (log === undefined) return metadata;
  return metadata === undefined || metadata === '' ? `${prefix}${log}` : `${prefix}${log};${metadata}`;
}

export function parseCommitText(text: string | undefined): { readonly log?: string; readonly metadata?: string } {
  if (text === undefined || text === '') return {};
  if (!text.startsWith(prefix)) return { metadata: text };
  const end = text.indexOf(';');
  if (end === -1) return { log: text.slice(prefix.length) };
  return { log: text.slice(prefix.length, end), metadata: text.slice(end + 1) };
}
