import { inspect } from 'node:util';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import type { AwsIdentity } from '../../../src/kafka/tokens/aws-credentials.ts';
import { createMskToken } from '../../../src/kafka/tokens/msk-token.ts';
import { type AnsweringServer, answering, type HeardRequest } from './answering.ts';

const start = Date.parse('2026-11-22T10:00:00Z');

describe('a token for Amazon MSK', () => {
  let server: AnsweringServer | undefined;
  afterEach(() => server?.close());

  const clock = { at: start, now: () => clock.at, monotonic: () => clock.at };
  const nowhere = { url: 'http://127.0.0.1:1' };
  const decoded = async (identity: AwsIdentity) => {
    const text = await createMskToken({ region: 'eu-west-1', identity }, clock)();
    expect(text).toMatch(/^[A-Za-z0-9_-]+$/);
    return new URL(Buffer.from(text, 'base64url').toString());
  };

  /** Whose credentials signed it. */
  const signer = (url: URL) => [
    url.searchParams.get('X-Amz-Credential')?.split('/')[0],
    url.searchParams.get('X-Amz-Security-Token'),
  ];

  test('is a presigned connect to the cluster of the region, for 15 minutes', async () => {
    const url = await decoded({ fixed: { accessKeyId: 'AKID', secretAccessKey: 'secret' }, instance: nowhere });
    expect(url.origin + url.pathname).toBe('https://kafka.eu-west-1.amazonaws.com/');
    expect(Object.fromEntries(url.searchParams)).toEqual({
      Action: 'kafka-cluster:Connect',
      'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
      'X-Amz-Credential': 'AKID/20261122/eu-west-1/kafka-cluster/aws4_request',
      'X-Amz-Date': '20261122T100000Z',
      'X-Amz-Expires': '900',
      'X-Amz-SignedHeaders': 'host',
      'X-Amz-Signature': expect.stringMatching(/^[0-9a-f]{64}$/),
      'User-Agent': 'meta-actions',
    });
  });

  test('by a role with a web identity: asks STS, and again five minutes before the end', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'identity-'));
    writeFileSync(join(folder, 'token'), 'the.web.token\n');
    let count = 0;
    server = await answering(() => {
      count += 1;
      return {
        body: `<AssumeRoleWithWebIdentityResponse><AssumeRoleWithWebIdentityResult><Credentials>
          <AccessKeyId>ASIA${count}</AccessKeyId><SecretAccessKey>s/+=</SecretAccessKey><SessionToken>st==</SessionToken>
          <Expiration>2026-11-22T11:00:00Z</Expiration>
          </Credentials></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>`,
      };
    });
    const webIdentity = { stsUrl: server.url, roleArn: 'arn:aws:iam::1:role/r', tokenFile: join(folder, 'token') };
    clock.at = start;
    const token = createMskToken({ region: 'eu-west-1', identity: { webIdentity, instance: nowhere } }, clock);
    const by = async () => signer(new URL(Buffer.from(await token(), 'base64url').toString()));
    expect(await by()).toEqual(['ASIA1', 'st==']);
    expect(Object.fromEntries(new URLSearchParams(server.heard[0]?.body))).toEqual({
      Action: 'AssumeRoleWithWebIdentity',
      Version: '2011-06-15',
      RoleArn: 'arn:aws:iam::1:role/r',
      RoleSessionName: 'meta-actions',
      WebIdentityToken: 'the.web.token',
    });
    clock.at = Date.parse('2026-11-22T10:54:59Z');
    expect(await by()).toEqual(['ASIA1', 'st==']);
    clock.at = Date.parse('2026-11-22T10:55:00Z');
    expect(await by()).toEqual(['ASIA2', 'st==']);
  });

  const credentials = JSON.stringify({
    AccessKeyId: 'ASIA',
    SecretAccessKey: 'secret',
    Token: 'session',
    Expiration: '2026-11-22T16:00:00Z',
  });

  test('by the role of a container', async () => {
    server = await answering(() => ({ body: credentials }));
    const container = { url: `${server.url}/v1/credentials`, authorization: () => 'from-the-file' };
    expect(signer(await decoded({ container, instance: nowhere }))).toEqual(['ASIA', 'session']);
    expect(server.heard[0]).toMatchObject({ path: '/v1/credentials', headers: { authorization: 'from-the-file' } });
  });

  test.each([
    ['a token that no header can hold', { url: 'http://127.0.0.1:9', authorization: () => 'geheim\ntoken' }],
    ['an address with a password', { url: 'http://user:geheim@127.0.0.1:9', authorization: () => undefined }],
  ])('%s is not repeated by the error', async (_, container) => {
    const error = await decoded({ container, instance: nowhere }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'KAFKA_TOKEN', message: expect.stringContaining('UNREACHABLE') });
    expect(inspect(error)).not.toContain('geheim');
  });

  test('by the role of an instance', async () => {
    const answers = ({ path }: HeardRequest) => {
      if (path === '/latest/api/token') return { body: 'imds-token' };
      return { body: path.endsWith('/security-credentials/') ? 'the-role\n' : credentials };
    };
    server = await answering(answers);
    expect(signer(await decoded({ instance: { url: server.url } }))).toEqual(['ASIA', 'session']);
    expect(server.heard.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'PUT /latest/api/token',
      'GET /latest/meta-data/iam/security-credentials/',
      'GET /latest/meta-data/iam/security-credentials/the-role',
    ]);
    expect(server.heard[2]?.headers['x-aws-ec2-metadata-token']).toBe('imds-token');
  });

  test('without any credentials says which settings would give them', async () => {
    const token = createMskToken({ region: 'eu-west-1', identity: { instance: nowhere } }, clock);
    await expect(token()).rejects.toMatchObject({
      code: 'KAFKA_TOKEN',
      message: expect.stringContaining('AWS_ACCESS_KEY_ID'),
    });
  });
});
