import type { ChosenDeadLetter, DeadLetterBrowser } from '../../core/dead-letter-browser.ts';
import type { KafkaConnection } from '../client/client.ts';
import type { KafkaLog } from '../client/logger.ts';
import { createTopicReader } from '../client/topic-reader.ts';
import { deadLetterOfMessage, outlineOfMessage } from './dead-letter-message.ts';
import { createKafkaReplayedKeys } from './replayed-keys.ts';

interface Stretch {
  readonly start: number;
  readonly behind: number;
}

/** Read side by side, so that not every request waits for the one before. Each holds a megabyte at a time. */
const mostStretches = 4;
/** In shorter ones too much would be read twice: a request brings what lies behind its stretch, too. */
const shortestStretch = 2_000;

/** The dead letters of a topic. Messages that are none are passed over. */
export function createKafkaDeadLetterBrowser(
  config: KafkaConnection & { readonly topic: string },
  log: KafkaLog = () => undefined,
): DeadLetterBrowser {
  const reader = createTopicReader(config, config.topic, log);
  const replayed = createKafkaReplayedKeys(config, log);

  return {
    ranges: () => reader.ranges(),
    async readBack(partition, { low, end }, most, choose, signal, mayChoose) {
      const from = Math.max(low, end - most);
      let looked = 0;

      async function readStretch({ start, behind }: Stretch) {
        const letters: ChosenDeadLetter<NonNullable<ReturnType<typeof choose>>>[] = [];
        for (let next = start; next < behind && !signal.aborted; ) {
          const messages = await reader.read(partition, next);
          // Nothing but markers of transactions, or what was compacted away.
          if (messages.length === 0) break;
          for (const message of messages) {
            const offset = Number(message.offset);
            if (offset >= behind) break;
            const outline = outlineOfMessage(message);
            if (outline === undefined) continue;
            looked += 1;
            const deadLetter = mayChoose?.(outline) === false ? undefined : deadLetterOfMessage(message);
            if (deadLetter === undefined) continue;
            const place = { partition, offset };
            const chosen = choose(deadLetter, place);
            if (chosen !== undefined && chosen !== null) letters.push({ place, at: deadLetter.at, chosen });
          }
          next = Number(messages.at(-1)?.offset) + 1;
        }
        return letters;
      }

      const letters = await Promise.all(stretchesOf(from, end).map(readStretch));
      return { letters: letters.flat().reverse(), from, looked };
    },
    async find({ partition, offset }) {
      const range = (await reader.ranges()).get(partition);
      if (range === undefined || offset < range.low || offset >= range.high) return undefined;
      const found = (await reader.read(partition, offset)).find((message) => Number(message.offset) === offset);
      return found && deadLetterOfMessage(found);
    },
    replayedKeys: replayed.upToDate,
    async close() {
      await Promise.all([reader.close(), replayed.close()]);
    },
  };
}

function stretchesOf(from: number, end: number): readonly Stretch[] {
  const length = Math.max(shortestStretch, Math.ceil((end - from) / mostStretches));
  const starts = Array.from({ length: Math.ceil((end - from) / length) }, (_, at) => from + at * length);
  return starts.map((start) => ({ start, behind: Math.min(end, start + length) }));
}
