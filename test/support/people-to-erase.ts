import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DeadLetter } from '../../src/core/dead-letter.ts';
import { deadLetterKey } from '../../src/core/dead-letter-key.ts';
import { createFileDeadLetters } from '../../src/file/dead-letters.ts';
import { withPersonKeys } from '../../src/people/person-keys.ts';

/** A thousand people of an invented shop, and the same as a file with a header. */
export const people = Array.from({ length: 1000 }, (_, index) => ({
  email: `person.${index}@erase.example`,
  phone: `+4915112${String(index).padStart(6, '0')}`,
  id: `crm-${index}`,
}));

export const peopleFile = `email,phone,customer id\n${people.map(({ email, phone, id }) => `${email},${phone},${id}\n`).join('')}`;

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** An event by which one of them is known, in one of the ways in which events know people. */
export function eventAbout(index: number): object {
  const { email, phone, id } = people[index] ?? { email: '', phone: '', id: '' };
  const ways = [
    { userId: `order-user-${index}`, context: { traits: { email: ` ${email.toUpperCase()} ` } } },
    { userId: id, properties: { total: 'n/a' } },
    { anonymousId: 'a', traits: { phone: phone.replace('+4915112', '0151 12 ') } },
    { userId: 'x', traits: { hashed: sha256(email) } },
    { userId: 'x', context: { page: { url: `https://shop.example/?mail=${encodeURIComponent(email)}` } } },
  ];
  return { type: 'track', event: 'Order Completed', messageId: `m-${index}`, ...ways[index % ways.length] };
}

export const strangers = Array.from({ length: 50 }, (_, index) => `stranger-${index}`);

/** A letter about an event, at its offset. */
export function letterAbout(event: object, offset: number, key: string | null = null): DeadLetter {
  return {
    record: {
      ...{ topic: 'events', partition: 0, offset, next: offset + 1, timestamp: 1_750_000_000_000 + offset },
      ...{ key: key === null ? null : Buffer.from(key), value: Buffer.from(JSON.stringify(event)), headers: undefined },
    },
    failure: { code: 'FIELD_MISSING', message: 'the purchase has no value', field: 'value' },
    ...{ destination: 'crm', subscription: 'Orders', action: 'purchase', eventId: `m-${offset}`, attempts: 0 },
    at: 1_750_000_001_000 + offset,
  };
}

/** 200 letters about people who are erased, among 100 about others: every third is. */
export const letters: readonly DeadLetter[] = Array.from({ length: 300 }, (_, offset) =>
  offset % 3 === 2
    ? letterAbout(
        { type: 'track', event: 'Order Completed', userId: strangers[offset % 50] },
        offset,
        `stranger-${offset}`,
      )
    : letterAbout(eventAbout(offset), offset, people[offset]?.id),
);

const known = people.flatMap(({ email, phone, id }) => [
  email,
  encodeURIComponent(email).toLowerCase(),
  phone,
  id,
  sha256(email),
]);

/** What of somebody who was erased can be read in a text, in whatever form. */
export function personIn(text: string): string | undefined {
  const words = new Set(text.toLowerCase().split(/[^\w.@%+-]+/));
  return known.find((value) => words.has(value));
}

/** Audiences of an ad account with everybody of it, by one key each and by all, and strangers between them. */
export async function fillAudiences(graph: string, accountId: string, ids: readonly string[]): Promise<void> {
  const columns = {
    EXTERN_ID: people.map(({ id }) => id),
    EMAIL: people.map(({ email }) => sha256(email)),
    PHONE: people.map(({ phone }) => sha256(phone.slice(1))),
  };
  const schemas = [['EXTERN_ID'], ['EMAIL'], ['PHONE'], ['EXTERN_ID', 'EMAIL', 'PHONE'], ['EMAIL', 'PHONE']] as const;
  for (const [at, id] of ids.entries()) {
    const schema = schemas[at] ?? schemas[0];
    const data = people.map((_, index) => schema.map((key) => columns[key][index]));
    const others = strangers.map((name) => [name]);
    for (const payload of [
      { schema, data },
      { schema: ['EXTERN_ID'], data: others },
    ]) {
      const answer = await fetch(`${graph}/v26.0/${id}/users`, {
        method: 'POST',
        headers: { authorization: `Bearer token-of-${accountId}`, 'content-type': 'application/json' },
        body: JSON.stringify({ payload }),
      });
      if (!answer.ok) throw new Error(await answer.text());
    }
  }
}

/** A file as a connector leaves it, with a mark of a replay for each letter; one of an earlier version has no keys. */
export async function lettersFile(folder: string, name: string, withKeys = true): Promise<string> {
  const path = join(folder, `${name}.ndjson`);
  const plain = createFileDeadLetters(path);
  const queue = withKeys ? withPersonKeys(plain, { readOther: () => undefined, countries: () => ['de'] }) : plain;
  await queue.open();
  await queue.write(letters);
  await queue.close();
  const marks = letters.map((letter) => `${JSON.stringify({ key: deadLetterKey(letter), at: 'then' })}\n`);
  writeFileSync(`${path}.replayed`, marks.join(''));
  return path;
}
