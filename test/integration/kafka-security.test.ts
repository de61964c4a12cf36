import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createSandbox, type Sandbox } from '../../src/sandbox/server.ts';
import { type AnsweringServer, answering } from '../kafka/tokens/answering.ts';
import { purchaseMappings, startConnector } from '../support/connector-process.ts';
import { asAdmin, committedOffsets, createTopic, produce, uniqueName } from '../support/kafka-broker.ts';
import { kafkaFindings } from '../../src/cli/doctor/kafka-findings.ts';
import { readSettings } from '../../src/config/environment.ts';
import { onApacheKafka } from '../support/needs.ts';
import { orderRecord } from '../support/orders.ts';
import { type Finished, runProgram } from '../support/program.ts';
import { type SecuredBroker, startSecuredBroker } from '../support/secured-broker.ts';
import { promptMillis } from '../support/prompt.ts';

/** An unsigned token, as the broker of the tests takes it. */
function unsignedToken(user: string, lifeSeconds: number): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const now = Math.floor(Date.now() / 1000);
  return `${part({ alg: 'none' })}.${part({ sub: user, iat: now, exp: now + lifeSeconds })}.`;
}

const password = { KAFKA_SASL_USERNAME: 'admin', KAFKA_SASL_PASSWORD: 'admin-secret' };

/** On brokers that ask who it is. Apache Kafka only: the embedded broker asks nobody. */
describe('on a secured Apache Kafka', onApacheKafka, () => {
  let broker: SecuredBroker;
  let sandbox: Sandbox;
  let graph: string;
  let topic: string;
  const servers: AnsweringServer[] = [];

  beforeAll(async () => {
    broker = await startSecuredBroker();
    sandbox = createSandbox();
    graph = await sandbox.listen();
  });
  afterAll(async () => {
    await Promise.all(servers.map((one) => one.close()));
    await sandbox.close();
    await broker?.stop();
  });
  beforeEach(async () => {
    topic = uniqueName('secured');
    await createTopic(broker.brokers, topic, { partitions: 1 });
    await produce(broker.brokers, topic, [orderRecord(topic, 0), orderRecord(topic, 1)]);
  });

  const environment = (given: Readonly<Record<string, string>>) => ({
    KAFKA_TOPICS: topic,
    KAFKA_GROUP_ID: topic,
    KAFKA_FROM: 'earliest',
    META_GRAPH_URL: graph,
    META_ACCESS_TOKEN: 'security-test-token',
    ...given,
  });

  async function run(given: Readonly<Record<string, string>>): Promise<Finished & { readonly millis: number }> {
    const startedAt = Date.now();
    const finished = await runProgram(['run', '--once', '--mappings', purchaseMappings()], {
      environment: environment(given),
    });
    return { ...finished, millis: Date.now() - startedAt };
  }

  async function delivers(given: Readonly<Record<string, string>>): Promise<void> {
    const before = sandbox.state.summary().events.unique;
    const { code, stderr } = await run(given);
    expect(code, stderr).toBe(0);
    expect(sandbox.state.summary().events.unique - before).toBe(2);
  }

  /** Ends with 1 within 15 s, more on a busy machine; says the code and the setting; shows neither a stack nor a secret. */
  async function refuses(given: Readonly<Record<string, string>>, code: string, text: RegExp): Promise<void> {
    const finished = await run(given);
    expect(finished.stderr).toContain(`[${code}]`);
    expect(finished.stderr).toMatch(text);
    expect(finished.stderr).not.toMatch(/^ {4}at /m);
    expect(finished.stderr).not.toContain('-secret');
    expect(finished.code).toBe(1);
    expect(finished.millis).toBeLessThan(await promptMillis());
  }

  async function tokenEndpoint(answer: () => { readonly status?: number; readonly body: string }): Promise<string> {
    const server = await answering(answer);
    servers.push(server);
    return `${server.url}/token`;
  }

  describe('SASL', () => {
    test.each(['plain', 'scram-sha-256', 'scram-sha-512'])('%s', async (mechanism) => {
      await delivers({ KAFKA_BROKERS: broker.sasl, KAFKA_SASL_MECHANISM: mechanism, ...password });
    });

    test.each(['plain', 'scram-sha-512'])('%s with a wrong password', async (mechanism) => {
      const wrong = { ...password, KAFKA_SASL_PASSWORD: 'wrong-secret' };
      await refuses(
        { KAFKA_BROKERS: broker.sasl, KAFKA_SASL_MECHANISM: mechanism, ...wrong },
        'KAFKA_AUTHENTICATION',
        /KAFKA_SASL_PASSWORD/,
      );
    });

    test('no mechanism where the broker wants one', async () => {
      await refuses({ KAFKA_BROKERS: broker.sasl }, 'KAFKA_UNREACHABLE', /KAFKA_SASL_MECHANISM/);
    });
  });

  describe('OAUTHBEARER', () => {
    const oauth = (url: string) => ({
      KAFKA_BROKERS: broker.sasl,
      KAFKA_SASL_MECHANISM: 'oauthbearer',
      KAFKA_OAUTH_TOKEN_URL: url,
      KAFKA_OAUTH_CLIENT_ID: 'connector',
      KAFKA_OAUTH_CLIENT_SECRET: 'client-secret',
    });

    test('with tokens of an endpoint', async () => {
      const url = await tokenEndpoint(() => ({
        body: JSON.stringify({ access_token: unsignedToken('admin', 600), expires_in: 600 }),
      }));
      await delivers(oauth(url));
    });

    test('with the token of a file', async () => {
      const file = join(mkdtempSync(join(tmpdir(), 'token-')), 'token');
      writeFileSync(file, `${unsignedToken('admin', 600)}\n`);
      await delivers({
        KAFKA_BROKERS: broker.sasl,
        KAFKA_SASL_MECHANISM: 'oauthbearer',
        KAFKA_OAUTH_TOKEN_FILE: file,
      });
    });

    test('an endpoint that refuses the client is named', async () => {
      const url = await tokenEndpoint(() => ({ status: 401, body: '{}' }));
      await refuses(oauth(url), 'KAFKA_TOKEN', /KAFKA_OAUTH_TOKEN_URL\) answered 401/);
    });

    test('a token that the broker refuses names where tokens come from', async () => {
      const url = await tokenEndpoint(() => ({ body: JSON.stringify({ access_token: unsignedToken('admin', -60) }) }));
      await refuses(oauth(url), 'KAFKA_AUTHENTICATION', /KAFKA_OAUTH_/);
    });

    test('goes on when tokens end: the connections authenticate again, and nothing is read twice', async () => {
      let given = 0;
      const url = await tokenEndpoint(() => {
        given += 1;
        return { body: JSON.stringify({ access_token: unsignedToken('admin', 20), expires_in: 20 }) };
      });
      const connector = startConnector({
        arguments: ['run', '--mappings', purchaseMappings()],
        environment: environment(oauth(url)),
      });
      await connector.ready();
      const before = given;
      await new Promise((resolve) => setTimeout(resolve, 25_000));
      await produce(broker.brokers, topic, [orderRecord(topic, 2)]);
      const arrived = () => sandbox.state.events().filter(({ event }) => String(event['event_id']).startsWith(topic));
      await expect.poll(() => arrived().length).toBe(3);
      expect(given).toBeGreaterThan(before);
      expect(connector.log()).not.toMatch(/"level":50/);
      connector.kill('SIGTERM');
      expect(await connector.exited).toBe(0);
      expect(connector.log()).not.toContain('partition went to another process');
      expect([...(await committedOffsets(broker.brokers, topic, topic)).values()]).toEqual([3]);
    });
  });

  describe('TLS', () => {
    test('with an authority of one’s own, and SCRAM inside of it', async () => {
      await delivers({
        KAFKA_BROKERS: broker.saslSsl,
        KAFKA_SSL: 'true',
        KAFKA_SSL_CA_FILE: broker.files.ca,
        KAFKA_SASL_MECHANISM: 'scram-sha-512',
        ...password,
      });
    });

    test('with a client certificate', async () => {
      await delivers({
        KAFKA_BROKERS: broker.ssl,
        KAFKA_SSL: 'true',
        KAFKA_SSL_CA_FILE: broker.files.ca,
        KAFKA_SSL_CERT_FILE: broker.files.cert,
        KAFKA_SSL_KEY_FILE: broker.files.key,
      });
    });

    test('an authority that nobody trusts is refused', async () => {
      await refuses(
        { KAFKA_BROKERS: broker.saslSsl, KAFKA_SSL: 'true', KAFKA_SASL_MECHANISM: 'plain', ...password },
        'KAFKA_TLS',
        /KAFKA_SSL/,
      );
    });

    test('a missing client certificate is told', async () => {
      await refuses(
        { KAFKA_BROKERS: broker.ssl, KAFKA_SSL: 'true', KAFKA_SSL_CA_FILE: broker.files.ca },
        'KAFKA_TLS',
        /KAFKA_SSL/,
      );
    });
  });

  describe('a user that may read, and nothing else', () => {
    const reader = {
      KAFKA_SASL_MECHANISM: 'plain',
      KAFKA_SASL_USERNAME: 'reader',
      KAFKA_SASL_PASSWORD: 'reader-secret',
    };
    const group = 3;
    const ofTopic = 2;
    const all = 2;
    const read = 3;

    async function allow(resourceType: number, resourceName: string, operation: number): Promise<void> {
      const one = { resourceType, resourceName, resourcePatternType: 3, principal: 'User:reader', host: '*' };
      await asAdmin(broker.brokers, (admin) => admin.createAcls({ acl: [{ ...one, operation, permissionType: 3 }] }));
    }

    test('may not see the topic', async () => {
      await refuses({ KAFKA_BROKERS: broker.sasl, ...reader }, 'KAFKA_TOPIC_MISSING', /KAFKA_TOPICS/);
    });

    test('may not create the dead-letter topic, which is missing', async () => {
      await allow(ofTopic, topic, read);
      await allow(group, topic, read);
      await refuses(
        { KAFKA_BROKERS: broker.sasl, ...reader },
        'DEAD_LETTER_TOPIC',
        /KAFKA_DEAD_LETTER_TOPIC: \S+\.dead-letters doesn't exist and could not be created \(TOPIC_AUTHORIZATION_FAILED\)/,
      );
    });

    test('may not join the group', async () => {
      await createTopic(broker.brokers, `${topic}.dead-letters`, { partitions: 1 });
      await allow(ofTopic, topic, read);
      await allow(ofTopic, `${topic}.dead-letters`, all);
      await refuses({ KAFKA_BROKERS: broker.sasl, ...reader }, 'KAFKA_GROUP_REFUSED', /KAFKA_GROUP_ID/);
    });

    test('is told by doctor what may not be done, thing by thing, and that all is well in the end', async () => {
      const describes = 8;
      const found = async () => {
        const settings = readSettings({
          ...{ ...reader, KAFKA_BROKERS: broker.sasl, KAFKA_TOPICS: topic, KAFKA_GROUP_ID: topic },
          ...{ KAFKA_SASL_PASSWORD: 'reader-secret', KAFKA_SSL: 'false' },
        });
        const findings = await kafkaFindings(settings);
        return Object.fromEntries(findings.map(({ check, status, code }) => [check, code ?? status]));
      };
      const well = { broker: 'ok', topics: 'ok', 'consumer group': 'ok', 'dead-letter topic': 'ok' };
      const settled = (expected: object) => expect.poll(found, { timeout: 20_000 }).toEqual({ ...well, ...expected });
      await settled({
        topics: 'KAFKA_TOPIC_MISSING',
        'consumer group': 'skipped',
        'dead-letter topic': 'DEAD_LETTER_TOPIC',
      });
      await allow(ofTopic, topic, describes);
      const noGroup = { 'consumer group': 'KAFKA_GROUP_REFUSED', 'dead-letter topic': 'DEAD_LETTER_TOPIC' };
      await settled({ topics: 'KAFKA_TOPIC_REFUSED', ...noGroup });
      await allow(ofTopic, topic, read);
      await settled(noGroup);
      await allow(group, topic, describes);
      await settled(noGroup);
      await allow(group, topic, read);
      await settled({ 'dead-letter topic': 'DEAD_LETTER_TOPIC' });
      await createTopic(broker.brokers, `${topic}.dead-letters`, { partitions: 1, settings: { 'retention.ms': '-1' } });
      await allow(ofTopic, `${topic}.dead-letters`, describes);
      await settled({ 'dead-letter topic': 'DEAD_LETTER_TOPIC' });
      await allow(ofTopic, `${topic}.dead-letters`, all);
      await settled({});
    });
  });
});
