import { expect, it } from 'vitest';
import { audienceId, row, startAudiences } from '../audience-client.ts';
import { startSeconds } from '../sandbox-client.ts';

const path = `/${audienceId}/sessions`;

it('lists sessions, newest first, with texts for all values', async () => {
  const { add, graph, pass } = await startAudiences();
  expect((await graph('GET', path)).json).toEqual({ data: [] });
  await add([row('ada'), ['bob', 'bad']], { session_id: 5, batch_seq: 1, last_batch_flag: false });
  pass(60_000);
  await add([row('eve')], { session_id: 6, batch_seq: 1, last_batch_flag: true });
  const { json } = await graph('GET', path);
  expect(json.data).toEqual([
    {
      session_id: '6',
      start_time: String(startSeconds + 60),
      end_time: String(startSeconds + 60),
      num_received: '1',
      num_matched: '-1',
      num_invalid_entries: '0',
      progress: '100',
      stage: 'finished',
    },
    {
      session_id: '5',
      start_time: String(startSeconds),
      end_time: '0',
      num_received: '2',
      num_matched: '-1',
      num_invalid_entries: '1',
      progress: '0',
      stage: 'uploading',
    },
  ]);
  expect((await graph('GET', `${path}?session_id=5`)).json.data).toHaveLength(1);
});

it('shows a session without a last batch as ended after 90 minutes', async () => {
  const { add, graph, pass } = await startAudiences();
  await add([row('ada')], { session_id: 5, batch_seq: 1 });
  pass(2 * 90 * 60_000);
  const { json } = await graph('GET', path);
  expect(json.data[0]).toMatchObject({ end_time: String(startSeconds + 90 * 60), stage: 'finished' });
});

it('keeps the newest 10,000 sessions', async () => {
  const { createSessionBook } = await import('../../../src/sandbox/audiences/session-book.ts');
  const book = createSessionBook(() => 0);
  for (let id = 1; id <= 10_001; id += 1) {
    book.start({ id: String(id), accountId: '1', audienceId: '2', operation: 'add' });
  }
  expect([book.find('1', '1'), book.find('1', '2')?.id, book.ofAudience('2').length]).toEqual([undefined, '2', 10_000]);
});
