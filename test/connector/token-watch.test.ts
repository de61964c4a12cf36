import { describe, expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../../src/connector/system-clock.ts';
import { createTokenWatch } from '../../src/connector/token-watch.ts';
import { graphClient } from '../../src/meta/graph-client.ts';
import type { SandboxOptions } from '../../src/sandbox/graph/options.ts';
import { createSandbox } from '../../src/sandbox/server.ts';
import { fakeDestination, fakeSettings } from '../support/destinations.ts';

const day = 24 * 3_600;
const token = 'test-token-of-the-watch';
const other = 'another-token-of-the-watch';
const inDays = (days: number) => Math.floor(Date.now() / 1_000) + days * day - 60;

/** A watch over one destination, at a sandbox that knows this of its token. */
async function watch(facts: NonNullable<SandboxOptions['tokenFacts']>[string]) {
  const sandbox = createSandbox({ tokenFacts: { [token]: facts, [other]: { tellsOfItself: false } } });
  const graphUrl = await sandbox.listen();
  const client = graphClient({ baseUrl: graphUrl });
  const watched = createTokenWatch({ client, graphUrl, clock: systemClock });
  onTestFinished(async () => {
    watched.stop();
    await client.close();
    await sandbox.close();
  });
  const take = (given: string) => {
    const accessToken = { origin: 'test', read: () => given };
    watched.take([fakeDestination([], { name: 'shop', settings: fakeSettings({ accessToken, apiVersion: 'v27.0' }) })]);
  };
  take(token);
  watched.start();
  return { watched, take, asked: () => sandbox.state.summary().requests.total };
}

describe('the end of a token', () => {
  it('is told from a month before, with the last of the days that has come', async () => {
    const { watched } = await watch({ expiresAt: inDays(10) });
    await expect.poll(() => watched.endings()).toMatchObject([{ destination: 'shop', warning: 14 }]);
    expect(watched.endings()[0]?.message).toMatch(/^The token, or what it may see, ends on \d{4}-\d{2}-\d{2}\.$/);
    expect(JSON.stringify(watched.endings())).not.toContain(token);
  });

  it('is also that of what it may see', async () => {
    const { watched } = await watch({ expiresAt: 0, dataAccessExpiresAt: inDays(1) });
    await expect.poll(() => watched.endings()).toMatchObject([{ warning: 1 }]);
  });

  it('is not that of another token, which a reload has brought, whatever Meta tells of that', async () => {
    const { watched, take } = await watch({ expiresAt: inDays(1) });
    await expect.poll(() => watched.endings()).toHaveLength(1);
    take(other);
    await expect.poll(() => watched.endings()).toEqual([]);
  });

  it.each([
    ['that never ends', { expiresAt: 0 }],
    ['that ends in two months', { expiresAt: inDays(60) }],
    ['that Meta does not tell about', { expiresAt: inDays(1), tellsOfItself: false }],
  ])('is not told of one %s', async (_, facts) => {
    const { watched, asked } = await watch(facts);
    await expect.poll(asked).toBe(1);
    expect(watched.endings()).toEqual([]);
  });

  it('is not asked where the token would be seen on the way', async () => {
    const request = () => expect.fail('a request was made');
    const watched = createTokenWatch({ client: { request }, graphUrl: 'http://proxy.internal', clock: systemClock });
    watched.take([fakeDestination([], { name: 'shop' })]);
    watched.start();
    watched.stop();
    expect(watched.endings()).toEqual([]);
  });
});
