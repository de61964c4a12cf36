import { createWriteStream, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createSandbox, type Sandbox } from '../../src/sandbox/server.ts';
import { audienceMappings } from '../support/audience-mappings.ts';
import { startConnector } from '../support/connector-process.ts';
import { ended, residentLimit } from '../support/resident-memory.ts';

const people = 150_000;

describe(`a file of ${people} people for an audience`, () => {
  let sandbox: Sandbox;
  let graph: string;

  beforeAll(async () => {
    sandbox = createSandbox({ keepRequests: 10, audiences: [{ id: '1', accountId: '77', name: 'members' }] });
    graph = await sandbox.listen();
  });

  afterAll(() => sandbox.close());

  const personEvent = (index: number) => ({
    type: 'identify',
    messageId: `m-${index}`,
    userId: `customer-${index}`,
    traits: {
      email: `person.${index}@shop.example`,
      phone: `+1${6_500_000_000 + index}`,
      firstName: `Ada${index % 977}`,
      lastName: `Example${index % 1013}`,
      address: { city: 'San Francisco', state: 'CA', postalCode: '94103', country: 'US' },
    },
  });

  function* lines(): Generator<string> {
    for (let index = 0; index < people; index++) yield `${JSON.stringify(personEvent(index))}\n`;
  }

  test('is sent with flat memory', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'people-'));
    const file = join(folder, 'people.ndjson');
    await pipeline(Readable.from(lines()), createWriteStream(file));
    const mappings = audienceMappings({ batch: {} }, { audience_id: '1', membership: 'add' });
    const letters = `file:${join(folder, 'letters.ndjson')}`;
    const connector = startConnector({
      arguments: ['run', '--mappings', mappings, '--source', `file:${file}`, '--dead-letters', letters, '--once'],
      environment: { META_GRAPH_URL: graph },
    });
    const { code, peak } = await ended(connector);
    expect([code, code === 0 ? '' : connector.log()]).toEqual([0, '']);
    expect(sandbox.state.members('1').size).toBe(people);
    console.log(`sent ${people} people: peak resident memory ${Math.round(peak / 1024 / 1024)} MB`);
    expect(peak).toBeLessThan(residentLimit);
  }, 300_000);
});
