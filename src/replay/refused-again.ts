import type { DeadLetter } from '../core/dead-letter.ts';
import type { Telemetry } from '../core/ports.ts';
import type { TopicPartition } from '../core/record.ts';
import { subscriptionKey } from '../core/subscription-key.ts';

/** Which of the dead letters that are replayed are set aside again. */
export interface RefusedAgain {
  /** To be told of what happens. */
  readonly observer: Telemetry;
  /** To be called before it is sent; the returned function, once, when it is settled: whether it was. */
  watch(deadLetter: DeadLetter): () => boolean;
}

interface Watched {
  readonly refused: Set<string>;
  watchers: number;
}

type Place = TopicPartition & { readonly offset: number; readonly event?: number | undefined };

export function createRefusedAgain(): RefusedAgain {
  const places = new Map<string, Watched>();

  return {
    observer: {
      emit(event) {
        if (event.kind !== 'dead_letter') return;
        places.get(placeOf(event))?.refused.add(subscriptionKey(event.destination, event.subscription));
      },
    },
    watch({ record: { topic, partition, offset, event }, destination, subscription }) {
      const place = placeOf({ topic, partition, offset, event: event?.index });
      const watched = places.get(place) ?? { refused: new Set(), watchers: 0 };
      places.set(place, watched);
      watched.watchers += 1;
      return () => {
        watched.watchers -= 1;
        if (watched.watchers === 0) places.delete(place);
        const { refused } = watched;
        // What couldn't be decoded before is every subscription's; what can't be decoded any more is nobody's.
        if (subscription === undefined) return refused.size > 0;
        return refused.has(subscriptionKey()) || refused.has(subscriptionKey(destination, subscription));
      };
    },
  };
}

function placeOf({ topic, partition, offset, event = 0 }: Place): string {
  return `${topic}\n${partition}\n${offset}\n${event}`;
}
