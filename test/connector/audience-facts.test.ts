import { expect, test } from 'vitest';
import { createAudienceFacts } from '../../src/connector/audience-facts.ts';
import type { GraphReply } from '../../src/meta/graph-reply.ts';
import { recorder, virtualClock } from '../delivery/fakes.ts';
import { fakeDestination } from '../support/destinations.ts';

const known: GraphReply = { kind: 'answered', status: 200, headers: {}, json: { id: '7', name: 'VIP customers' } };
const refused: GraphReply = {
  ...{ kind: 'answered', status: 400, headers: {} },
  json: { error: { code: 190, type: 'OAuthException', message: 'The token has expired.' } },
};

test('what Meta said of an audience stays, beside why it says no more', async () => {
  const replies = [known, refused, refused];
  const clock = virtualClock(0);
  const client = {
    request: async () => replies.shift() ?? refused,
    dropSockets: () => undefined,
    close: async () => undefined,
  };
  const destination = fakeDestination([]);
  const ask = createAudienceFacts({ client, clock, telemetry: recorder(), destinationOf: () => destination });
  const later = async () => {
    await clock.advance(6 * 60_000);
    ask('shop', '7');
    await expect.poll(() => ask('shop', '7')?.at).toBe(clock.now());
    return ask('shop', '7');
  };
  const before = { kind: 'known', details: { name: 'VIP customers' } };
  expect(await later()).toMatchObject(before);
  for (let time = 0; time < 2; time += 1)
    expect(await later()).toMatchObject({ kind: 'unknown', failure: { code: 'META_190' }, before });
});
