import { expect, test } from 'vitest';
import { unreadTopicTexts } from '../../src/connector/unread-topics.ts';
import { loadText } from '../config/load-text.ts';

function textsOf(read: readonly string[], topics: readonly string[] | undefined, own: readonly string[] | undefined) {
  const { destination, problems } = loadText(
    JSON.stringify({
      name: 'shop',
      topics,
      settings: { pixel_id: '1', access_token: { $env: 'TOKEN' } },
      subscriptions: [{ name: 'Orders', action: 'purchase', topics: own }],
    }),
  );
  expect(problems).toEqual([]);
  return unreadTopicTexts(read, destination === undefined ? [] : [destination]);
}

test('a subscription for topics that nobody reads is named, with those that are read', () => {
  const [text] = textsOf(['orders', 'carts'], ['order'], undefined);
  expect(text).toBe(
    'subscription Orders of destination shop gets nothing: the topics that it and its destination are for are none of those in KAFKA_TOPICS (orders, carts)',
  );
  expect(textsOf(['orders', 'carts'], ['orders'], ['carts'])).toHaveLength(1);
});

test.each([
  ['for one of them', ['orders', 'carts'], ['orders'], undefined],
  ['for a pattern of them', ['orders', 'carts'], ['/^car/'], ['carts', 'other']],
  ['for all', ['orders'], undefined, undefined],
  ['where it is not known what is read', ['/.*/'], ['order'], undefined],
  ['where no topic is named yet', [], ['order'], undefined],
])('%s: nothing is said', (_, read, topics, own) => expect(textsOf(read, topics, own)).toEqual([]));
