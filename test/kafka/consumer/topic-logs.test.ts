import { describe, expect, it } from 'vitest';
import { createTopicLogs, parseCommitText, printCommitText } from '../../../src/kafka/consumer/topic-logs.ts';

describe('what is committed beside a position', () => {
  it.each([
    ['id', '{"v":1;2}'],
    ['id', undefined],
    [undefined, '{"v":1}'],
    [undefined, undefined],
  ])('log %s and metadata %s come back', (log, metadata) => {
    expect(parseCommitText(printCommitText(log, metadata))).toEqual({
      ...(log !== undefined && { log }),
      ...(metadata !== undefined && { metadata }),
    });
  });
});

describe('the logs behind the names of topics', () => {
  it('a log that is gone never comes back, whatever a broker says that is behind', async () => {
    let answer = new Map([['shop', 'one']]);
    const logs = createTopicLogs(async () => answer);
    const now = async () => (await logs.lookUp(['shop'])).get('shop');
    expect([await now(), logs.wasRemade('shop')]).toEqual(['one', false]);
    answer = new Map([['shop', 'two']]);
    expect([await now(), logs.wasRemade('shop')]).toEqual(['two', true]);
    answer = new Map([['shop', 'one']]);
    expect(await now()).toBe('two');
    answer = new Map([['shop', 'three']]);
    expect(await now()).toBe('three');
  });

  it('a topic is gone when it was missing twice, until it is there again', async () => {
    let answer = new Map([['shop', 'one']]);
    const logs = createTopicLogs(async () => answer);
    const look = async () => {
      await logs.lookUp(['shop', 'never there']);
      return [[...logs.gone()], logs.isUncertain()];
    };
    expect(await look()).toEqual([[], false]);
    answer = new Map();
    expect(await look()).toEqual([[], true]);
    expect(await look()).toEqual([['shop'], false]);
    answer = new Map([['shop', 'two']]);
    expect(await look()).toEqual([[], false]);
  });

  it('a topic without an id has none', async () => {
    const logs = createTopicLogs(async () => new Map());
    expect(await logs.lookUp(['shop'])).toEqual(new Map());
  });
});
