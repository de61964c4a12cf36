import type { Message } from 'kafkajs';
import { sizeOfMessage } from '../dead-letters/dead-letter-message.ts';

/** Messages of one request, in bytes: a broker takes a batch of a megabyte unless it is told otherwise. */
const REQUEST_BYTES = 900_000;

/** Groups that make one request each: kafkajs makes one batch a partition of it, which the broker bounds. */
export function requestsOf<T extends { readonly message: Message }>(all: readonly T[]): readonly (readonly T[])[] {
  const groups: T[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const one of all) {
    const size = sizeOfMessage(one.message);
    if (bytes + size > REQUEST_BYTES) {
      groups.push([]);
      bytes = 0;
    }
    groups.at(-1)?.push(one);
    bytes += size;
  }
  return groups;
}
