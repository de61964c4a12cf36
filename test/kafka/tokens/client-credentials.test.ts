import { afterEach, describe, expect, test } from 'vitest';
import { createClientCredentialsToken } from '../../../src/kafka/tokens/client-credentials.ts';
import { type AnsweringServer, answering } from './answering.ts';

describe('a token by client credentials', () => {
  let server: AnsweringServer;
  afterEach(() => server.close());

  const clock = { at: 1_000_000, now: () => clock.at, monotonic: () => clock.at };
  const source = (more: object = {}) =>
    createClientCredentialsToken(
      {
        url: `${server.url}/token`,
        clientId: 'connector:1',
        clientSecret: { origin: 'test', read: () => 'geheim %' },
        ...more,
      },
      clock,
    );

  test('is asked for as RFC 6749 says, and used for four fifths of its life', async () => {
    let count = 0;
    server = await answering(() => {
      count += 1;
      return { body: JSON.stringify({ access_token: `token-${count}`, expires_in: 100, token_type: 'Bearer' }) };
    });
    const token = source({ scope: 'kafka read' });
    expect(await Promise.all([token(), token()])).toEqual(['token-1', 'token-1']);
    const [request] = server.heard;
    expect(request).toMatchObject({ method: 'POST', path: '/token' });
    expect(Object.fromEntries(new URLSearchParams(request?.body))).toEqual({
      grant_type: 'client_credentials',
      scope: 'kafka read',
    });
    const user = Buffer.from(String(request?.headers['authorization']).slice('Basic '.length), 'base64').toString();
    expect(user).toBe('connector%3A1:geheim%20%25');
    clock.at += 79_000;
    expect(await token()).toBe('token-1');
    clock.at += 1_000;
    expect(await token()).toBe('token-2');
    expect(server.heard).toHaveLength(2);
  });

  test.each([
    [{ status: 401, body: '{"error":"invalid_client","x":"geheim"}' }, /KAFKA_OAUTH_TOKEN_URL\) answered 401$/],
    [{ body: '<html>' }, /no JSON object/],
    [{ body: '{}' }, /without an access_token/],
  ])('a refusal names the setting, quotes nothing, and is not kept', async (answer, message) => {
    let told: { status?: number; body: string } = answer;
    server = await answering(() => told);
    const token = source();
    const error = await token().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'KAFKA_TOKEN', message: expect.stringMatching(message) });
    expect(String(error)).not.toContain('geheim');
    told = { body: '{"access_token":"later"}' };
    expect(await token()).toBe('later');
  });

  test('an endpoint that is not there is named', async () => {
    server = await answering(() => ({ body: '' }));
    const token = source();
    await server.close();
    await expect(token()).rejects.toThrow(/KAFKA_OAUTH_TOKEN_URL\) can't be reached: .*ECONNREFUSED/);
  });
});
