import { appendFileSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readSettings } from '../../src/config/environment.ts';
import type { DeadLetter } from '../../src/core/dead-letter.ts';
import { loadDestination } from '../../src/connector/load-destination.ts';
import { createRecordDecoding } from '../../src/connector/record-decoding.ts';
import { systemClock } from '../../src/connector/system-clock.ts';
import { erase } from '../../src/erasure/erase.ts';
import { type PeopleToErase, peopleOfFile, personOfTexts } from '../../src/erasure/people.ts';
import { receiptText } from '../../src/erasure/receipt.ts';
import { createFileDeadLetterArchive } from '../../src/file/dead-letter-archive.ts';
import { parseDeadLetter, printDeadLetter } from '../../src/file/dead-letter-line.ts';
import { graphClient } from '../../src/meta/graph-client.ts';
import { openUserFile } from '../../src/replace/user-file.ts';
import { newReplayCounts, type ReplayOptions, selectDeadLetters } from '../../src/replay/replay-source.ts';
import { createSandbox, type Sandbox } from '../../src/sandbox/server.ts';
import { letters, lettersFile, people, peopleFile, personIn } from '../support/people-to-erase.ts';

const folder = mkdtempSync(join(tmpdir(), 'erasure-'));
const mappings = join(folder, 'crm.json');
let sandbox: Sandbox;
let graph: string;

beforeAll(async () => {
  sandbox = createSandbox({ audiences: [{ id: '1', accountId: '77', name: 'members' }] });
  graph = await sandbox.listen();
  const settings = { ad_account_id: '77', default_country: 'DE', access_token: { $env: 'TOKEN' } };
  const subscriptions = [{ name: 'Members', action: 'sync-audience', mapping: { audience_id: '1' } }];
  writeFileSync(mappings, JSON.stringify({ name: 'crm', settings, subscriptions }));
});
afterAll(() => sandbox.close());

async function receiptOf(toErase: PeopleToErase, path?: string): Promise<string> {
  const settings = readSettings({ META_GRAPH_URL: graph });
  const destinations = [await loadDestination(mappings, { environment: { TOKEN: 'token-of-77' } })];
  const client = graphClient({ baseUrl: graph });
  const receipt = await erase({
    ...toErase,
    ...{ settings, destinations, places: path === undefined ? [] : [`file:${path}`] },
    decoding: createRecordDecoding(settings, systemClock, () => undefined),
    call: { client, lane: 'erasure', clock: systemClock, telemetry: { emit: () => undefined } },
    signal: new AbortController().signal,
  });
  await client.close();
  expect(personIn(JSON.stringify(receipt))).toBeUndefined();
  return receiptText(receipt);
}

async function peopleIn(csv: string): Promise<PeopleToErase> {
  const path = join(folder, 'people.csv');
  writeFileSync(path, csv);
  return peopleOfFile(await openUserFile(path, new Map()), ['de']);
}

describe('an erasure', () => {
  test('finds people in letters that were written without keys, and can be run again', async () => {
    const everybody = await peopleIn(peopleFile);
    const path = await lettersFile(folder, 'without-keys', false);
    expect(await receiptOf(everybody, path)).toContain('200 of 300 letters emptied, 200 marks of replays removed');
    const bytes = readFileSync(path);
    const second = await receiptOf(everybody, path);
    expect(second).toContain('0 of 300 letters emptied');
    expect(second).toContain('in no letter: 1000 of 1000 people');
    expect(second).toMatch(/\ndone$/);
    expect(readFileSync(path).equals(bytes)).toBe(true);
  });

  test('leaves no line that a crash tore, whoever is in it', async () => {
    const path = await lettersFile(folder, 'torn');
    const [letter] = letters;
    if (letter === undefined) throw new Error('there are no letters');
    const whole = readFileSync(path);
    appendFileSync(path, printDeadLetter(letter).trimEnd().slice(0, -1));
    const nobody = { people: [personOfTexts(['email=nobody@else.example'], [])], unusable: [] };
    expect(await receiptOf(nobody, path)).toContain('0 of 300 letters emptied');
    expect(readFileSync(path).equals(whole)).toBe(true);
  });

  test('says of somebody whom nobody knows that no letter holds them', async () => {
    const path = await lettersFile(folder, 'nobody');
    const bytes = readFileSync(path);
    const nobody = { people: [personOfTexts(['email=nobody@else.example'], [])], unusable: [] };
    const text = await receiptOf(nobody, path);
    expect(text).toContain("in no letter: 1 of 1 people; Meta doesn't tell whom it knew");
    expect(text).toMatch(/\ndone$/);
    expect(readFileSync(path).equals(bytes)).toBe(true);
  });

  test('leaves letters that a replay leaves out', async () => {
    const path = await lettersFile(folder, 'replay');
    await receiptOf(await peopleIn(peopleFile), path);
    const options: ReplayOptions = {
      archive: createFileDeadLetterArchive(path),
      matches: () => true,
      limit: Number.POSITIVE_INFINITY,
      knows: () => true,
    };
    const counts = newReplayCounts();
    const selected: DeadLetter[] = [];
    for await (const letter of selectDeadLetters(options, counts, new AbortController().signal)) selected.push(letter);
    expect(selected).toEqual([]);
    expect(counts.notReplayed.value_omitted).toBe(200);
  });

  test('names the rows of a file by whom nobody can be found, and is not complete', async () => {
    const some = await peopleIn(`email\n${people[0]?.email}\nn/a\nnot an address\n`);
    const text = await receiptOf(some);
    expect(text).toContain('2 rows name nobody, and were left out: lines 3, 4');
    expect(text).toContain('NOT complete');
    expect(text).toContain('no dead letters were looked at');
    expect(text).not.toContain('in no letter');
  });
});

test.each([
  ['what is no key', 'shoe=person.1@erase.example', /email=…/],
  ['a key without a value', 'email=', /email=…/],
  ['what is no address', 'email=person.1', /nobody is found by this/],
  ['a filler', 'external_id=n/a', /nobody is found by this/],
])('a person is not told by %s, and the refusal does not repeat it', (_what, text, says) => {
  let message = '';
  try {
    personOfTexts([text], ['de']);
  } catch (error) {
    message = String(error);
  }
  expect(message).toMatch(says);
  expect(message).not.toContain('person.1');
});

test('a letter keeps its keys in a file, and nothing of a person can be read from them', () => {
  const [letter] = letters;
  if (letter === undefined) throw new Error('there are no letters');
  const line = printDeadLetter({ ...letter, people: ['a-key'] });
  expect(parseDeadLetter(line.trimEnd())?.people).toEqual(['a-key']);
});
