import type { Message } from 'kafkajs';

/** Messages of one request, in bytes: a broker takes a batch of a megabyte unless it is told otherwise. */
const REQUEST_BYTES = 900_000;

/**
 * Groups of messages, one for each request: kafkajs makes one batch per partition of a request, whose size the broker
 * limits.
 */
export function requestsOf<T extends { readonly message: Message }>(all: readonly T[]): readonly (readonly T[])[] {
  const groups: T[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const item of all) {
    const size = sizeOfMessage(item.message);
    if (bytes + size > REQUEST_BYTES) {
      groups.push([]);
      bytes = 0;
    }
    groups.at(-1)?.push(item);
    bytes += size;
  }
  return groups;
}

/** The most that a message takes in a batch: its bytes, and the lengths before them. */
export function sizeOfMessage(message: Message): number {
  const lengths = 64;
  const headers = Object.entries(message.headers ?? {}).flatMap(([key, value]) =>
    (Array.isArray(value) ? value : [value ?? '']).map((each) => Buffer.byteLength(key) + Buffer.byteLength(each) + 10),
  );
  const { key, value } = message;
  return headers.reduce(
    (sum, size) => sum + size,
    lengths + Buffer.byteLength(key ?? '') + Buffer.byteLength(value ?? ''),
  );
}
