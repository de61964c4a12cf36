import { useEffect, useState } from 'preact/hooks';
import type { Decision } from './api-types.ts';
import { open } from './api.ts';

const againMillis = 2000;
/** The server says every 15 s that it is there. */
const silenceMillis = 45_000;

export interface Stream {
  /** The newest first. */
  readonly decisions: readonly Decision[];
  readonly state: 'connecting' | 'open' | 'lost';
}

/** Decisions as they happen, the last of them kept. Undefined: not now. */
export function useDecisions(path: string | undefined, keep: number): Stream {
  const [stream, setStream] = useState<Stream & { readonly path?: string }>({ decisions: [], state: 'connecting' });
  useEffect(() => {
    if (path === undefined) return undefined;
    // Held and let go on it is the same list; what was asked for otherwise is not what is asked for now.
    setStream((old) => (old.path === path ? old : { path, decisions: [], state: 'connecting' }));
    const ended = new AbortController();
    void follow(path, ended.signal, {
      opened: () => setStream((old) => ({ ...old, state: 'open' })),
      lost: () => setStream((old) => ({ ...old, state: 'lost' })),
      received: (news) =>
        setStream((old) => ({
          path,
          state: 'open',
          decisions: [...news.toReversed(), ...old.decisions].slice(0, keep),
        })),
    });
    return () => ended.abort();
  }, [path, keep]);
  return stream;
}

interface Followed {
  opened(): void;
  lost(): void;
  received(news: readonly Decision[]): void;
}

async function follow(path: string, signal: AbortSignal, followed: Followed): Promise<void> {
  while (!signal.aborted) {
    try {
      const answer = await open(path, { signal, headers: { accept: 'text/event-stream' } });
      followed.opened();
      await readEvents(answer, followed);
    } catch {
      // Told below: a stream that ends is a stream that is lost.
    }
    if (signal.aborted) return;
    followed.lost();
    await new Promise((resolve) => setTimeout(resolve, againMillis));
  }
}

/** Server-Sent Events by hand, because `EventSource` can't carry a token. */
async function readEvents(answer: Response, { received }: Followed): Promise<void> {
  if (answer.body === null) return;
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const { done, value } = await readOrGiveUp(reader);
    if (done) return;
    const blocks = (rest + value).split(/\r?\n\r?\n/);
    rest = blocks.pop() ?? '';
    const news = blocks.flatMap(decisionIn);
    if (news.length > 0) received(news);
  }
}

/** A server that has gone without a word would be waited for for ever. */
async function readOrGiveUp(reader: ReadableStreamDefaultReader<string>): Promise<ReadableStreamReadResult<string>> {
  const timer = setTimeout(() => void reader.cancel(), silenceMillis);
  try {
    return await reader.read();
  } finally {
    clearTimeout(timer);
  }
}

function decisionIn(block: string): readonly Decision[] {
  const data = block
    .split('\n')
    .filter((line) => line.startsWith('data:'))
    .map((line) => line.slice(5).trimStart())
    .join('\n');
  return data === '' ? [] : [JSON.parse(data) as Decision];
}
