import { afterEach, expect, it, vi } from 'vitest';
import { createMembers } from '../../src/api/members/members.ts';
import { type Member, readAnnouncedMember, announcedText } from '../../src/api/members/announced-member.ts';
import type { AnswerOf } from '../../src/api/server/handler.ts';
import type { HeardMessage, MembersTopic } from '../../src/core/members-topic.ts';
import { type ApiStage, openApiStage } from '../support/api-stage.ts';

let stage: ApiStage | undefined;
afterEach(async () => {
  vi.useRealTimers();
  await stage?.close();
  stage = undefined;
});

const start = Date.parse('2026-01-01T00:00:00Z');

const member = (id: string, more: Partial<Member> = {}): Member => ({
  ...{ id, host: 'host', name: `name of ${id}`, startedAt: 1, version: '1.0.0', seenAt: 0, state: 'well', self: true },
  ...{ destinations: ['shop'], partitions: ['events/0'] },
  ...more,
});

/** A topic that everybody of the test writes into. */
function sharedTopic() {
  const written: HeardMessage[] = [];
  const topicOf = (): MembersTopic => {
    let next = 0;
    return {
      async tell(key, value) {
        written.push({ key, value: value === null ? null : Buffer.from(value), at: Date.now() });
      },
      async heard() {
        const heard = written.slice(next);
        next = written.length;
        return heard;
      },
      close: async () => undefined,
    };
  };
  return { written, topicOf };
}

function membersOn(topic: MembersTopic, self: Member, warnings: string[] = []) {
  const members = createMembers({ topic, now: Date.now, warn: (_code, message) => warnings.push(message) });
  members.start(() => self);
  return members;
}

const ids = (list: readonly Member[]) => list.map(({ id }) => id);

it('the API answers with this process alone, as long as the others do not tell of themselves', async () => {
  stage = await openApiStage();
  const { announced, members } = await stage.get<AnswerOf<'members'>>('/members');
  expect([announced, members.length, members[0]?.self]).toEqual([false, 1, true]);
});

it('the API answers with this process first, then the others, and tells them when it ends', async () => {
  const { written, topicOf } = sharedTopic();
  await topicOf().tell('other', announcedText(member('other')));
  stage = await openApiStage({ membersTopic: topicOf(), environment: { OPS_URL: 'https://ops.example/' } });
  const { announced, members } = await stage.get<AnswerOf<'members'>>('/members');
  expect([announced, members.map(({ self }) => self)]).toEqual([true, [true, false]]);
  expect(members[0]).toMatchObject({ url: 'https://ops.example', destinations: ['shop'], state: 'well' });
  await stage.close();
  stage = undefined;
  // It may have told of itself more than once meanwhile.
  const own = written.filter(({ key }) => key === members[0]?.id).map(({ value }) => value === null);
  expect([own.includes(false), own.indexOf(true)]).toEqual([true, own.length - 1]);
});

it('members know of each other until one goes, or is silent for a minute', async () => {
  vi.useFakeTimers({ now: start });
  const { topicOf } = sharedTopic();
  const a = membersOn(topicOf(), member('a'));
  const b = membersOn(topicOf(), member('b', { url: 'https://b.example/' }));
  const silent = topicOf();
  await silent.tell('silent', announcedText(member('silent')));
  await vi.advanceTimersByTimeAsync(1_000);
  expect(await a.others()).toMatchObject([
    { id: 'b', self: false, url: 'https://b.example/', destinations: ['shop'], seenAt: start },
    { id: 'silent' },
  ]);
  expect(ids(await b.others())).toEqual(['a', 'silent']);
  await vi.advanceTimersByTimeAsync(70_000);
  expect(ids(await a.others())).toEqual(['b']);
  await b.close();
  await vi.advanceTimersByTimeAsync(5_000);
  expect(ids(await a.others())).toEqual([]);
});

it('what others write that is no member is ignored, and who writes it may not be shown as this one', async () => {
  vi.useFakeTimers({ now: start });
  const { topicOf } = sharedTopic();
  const a = membersOn(topicOf(), member('a'));
  const hostile = topicOf();
  const text = announcedText(member('h'));
  const without = (key: string) => JSON.stringify({ ...(JSON.parse(text) as object), [key]: undefined });
  for (const [key, value] of [
    ['a', announcedText(member('a', { name: 'an impostor' }))],
    ['<img src=x>', text],
    ['x'.repeat(300), text],
    ['no-json', '{'],
    ['null', 'null'],
    ['list', '[]'],
    ['state', text.replace('"well"', '"fine"')],
    ['turned', announcedText(member('h', { name: 'h\u202Etsoh' }))],
    ['broken', announcedText(member('h', { version: '1\n2' }))],
    ['long', announcedText(member('h', { name: 'n'.repeat(300) }))],
    ['huge', JSON.stringify({ ...member('h'), more: 'x'.repeat(100_000) })],
    ['many', JSON.stringify({ ...member('h'), partitions: new Array(5_000).fill('t/1') })],
    ['numbers', JSON.stringify({ ...member('h'), destinations: [1] })],
    ...['host', 'name', 'version', 'startedAt', 'destinations', 'partitions', 'state'].map((at) => [at, without(at)]),
  ] as const) {
    await hostile.tell(key ?? '', value ?? '');
  }
  await hostile.tell('script', JSON.stringify({ ...member('h'), url: 'javascript:alert(1)' }));
  await hostile.tell('proto', `{"__proto__":${text},"host":"h"}`);
  await vi.advanceTimersByTimeAsync(3_000);
  expect(await a.others()).toEqual([expect.not.objectContaining({ url: expect.anything() })]);
});

it('very many are bounded, and a time to come does not keep anybody alive', async () => {
  vi.useFakeTimers({ now: start });
  const { written, topicOf } = sharedTopic();
  const a = membersOn(topicOf(), member('a'));
  for (let at = 0; at < 2_000; at += 1) {
    written.push({ key: `m-${at}`, value: Buffer.from(announcedText(member(`m-${at}`))), at: start + 1e9 });
  }
  await vi.advanceTimersByTimeAsync(3_000);
  expect(await a.others()).toHaveLength(500);
  await vi.advanceTimersByTimeAsync(61_000);
  expect(await a.others()).toEqual([]);
});

it('a member whose clock is behind is known all the same', async () => {
  vi.useFakeTimers({ now: start });
  const { written, topicOf } = sharedTopic();
  const a = membersOn(topicOf(), member('a'));
  await a.others();
  await vi.advanceTimersByTimeAsync(5_000);
  written.push({ key: 'b', value: Buffer.from(announcedText(member('b'))), at: start - 3_600_000 });
  expect(ids(await a.others())).toEqual(['b']);
});

it('a topic that fails is told of once, and nobody waits for it', async () => {
  vi.useFakeTimers({ now: start });
  const warnings: string[] = [];
  const topic: MembersTopic = {
    tell: () => Promise.reject(new Error('no broker')),
    heard: () => Promise.reject(new Error('no broker')),
    close: () => new Promise(() => undefined),
  };
  const a = membersOn(topic, member('a'), warnings);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(await a.others()).toEqual([]);
  expect(warnings).toEqual([
    'telling the members of the group of this one failed: no broker',
    'reading of the members of the group failed: no broker',
  ]);
  const closed = a.close();
  await vi.advanceTimersByTimeAsync(5_000);
  await closed;
});

it('of very many partitions and destinations the first are told', () => {
  const many = Array.from({ length: 5_000 }, (_, at) => `events/${at}`);
  const announced = readAnnouncedMember(Buffer.from(announcedText(member('a', { partitions: many }))));
  expect(announced?.partitions).toEqual(many.slice(0, 200));
});

it('a member of many partitions of long names is heard of with the first of them', () => {
  const topic = 't'.repeat(249);
  const partitions = Array.from({ length: 500 }, (_, at) => `${topic}/${at}`);
  const heard = readAnnouncedMember(Buffer.from(announcedText(member('a', { partitions }))));
  expect(heard?.partitions.length).toBeGreaterThan(50);
  expect(heard?.partitions[0]).toBe(`${topic}/0`);
});
