import type { Message } from 'kafkajs';

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

/** What a message takes in a batch, at most: its bytes and the lengths before them. */
export function sizeOfMessage(message: Message): number {
  const lengths = 64;
  const headers = Object.entries(message.headers ?? {}).flatMap(([key, value]) =>
    (Array.isArray(value) ? value : [value ?? '']).map((one) => Buffer.byteLength(key) + Buffer.byteLength(one) + 10),
  );
  const { key, value } = message;
  return headers.reduce(
    (sum, size) => sum + size,
    lengths + Buffer.byteLength(key ?? '') + Buffer.byteLength(value ?? ''),
  );
}
