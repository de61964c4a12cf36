import { describe, expect, it } from 'vitest';
import { createSandbox } from '../../src/sandbox/server.ts';
import { event, startSandbox } from './sandbox-client.ts';

describe('listening', () => {
  it('is on loopback and a free port, and ends with close', async () => {
    const { url, call, sandbox } = await startSandbox();
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect((await call('/_sandbox/summary')).status).toBe(200);
    await sandbox.close();
    await sandbox.close();
    await expect(call('/_sandbox/summary')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('can begin again on the same port with everything that was received', async () => {
    const { url, send, sandbox } = await startSandbox();
    await send([event({ event_id: 'before' })]);
    await sandbox.close();
    expect(await sandbox.listen({ port: Number(new URL(url).port) })).toBe(url);
    await send([event({ event_id: 'after' })]);
    expect([sandbox.state.received('before'), sandbox.state.received('after')]).toEqual([1, 1]);
  });

  it('twice is an error', async () => {
    const { sandbox } = await startSandbox();
    await expect(sandbox.listen()).rejects.toMatchObject({ code: 'SANDBOX_LISTENING' });
  });

  it('on a port that is taken is an error that names it, and may be tried again', async () => {
    const { url } = await startSandbox();
    const second = createSandbox();
    const port = Number(new URL(url).port);
    await expect(second.listen({ port })).rejects.toMatchObject({
      code: 'SANDBOX_ADDRESS',
      message: expect.stringContaining(`127.0.0.1:${port}`),
    });
    expect(await second.listen()).toMatch(/^http:/);
    await second.close();
  });

  it('pauses for the seconds that POST /_sandbox/down names', async () => {
    const { call, send } = await startSandbox();
    const headers = { 'content-type': 'application/json' };
    const reply = await call('/_sandbox/down', { method: 'POST', headers, body: '{"seconds":0.3}' });
    expect(reply.status).toBe(202);
    await expect
      .poll(
        () =>
          send([event()]).then(
            () => 'up',
            () => 'down',
          ),
        { interval: 10 },
      )
      .toBe('down');
    await expect
      .poll(() =>
        send([event()]).then(
          () => 'up',
          () => 'down',
        ),
      )
      .toBe('up');
  });

  it('does not begin again after close', async () => {
    const { call, sandbox } = await startSandbox();
    const headers = { 'content-type': 'application/json' };
    await call('/_sandbox/down', { method: 'POST', headers, body: '{"seconds":0.1}' });
    await sandbox.close();
    await new Promise((resolve) => setTimeout(resolve, 250));
    await expect(call('/_sandbox/summary')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });
});

it.each([
  [{ minVersion: 'new' }, 'minVersion'],
  [{ keepEvents: 0 }, 'keepEvents'],
  [{ audiences: [{ id: '5', accountId: 'act_7' }] }, 'audiences'],
  [{ maxBodyBytes: 1.5 }, 'maxBodyBytes'],
])('an option that makes no sense is named: %j', (options, name) => {
  expect(() => createSandbox(options)).toThrow(expect.objectContaining({ code: 'SANDBOX_OPTION' }));
  expect(() => createSandbox(options)).toThrow(name);
});

it('takes 20,000 events one after another', async () => {
  const { send, sandbox } = await startSandbox();
  for (let batch = 0; batch < 20; batch += 1) {
    await send(Array.from({ length: 1000 }, (_, index) => event({ event_id: `e-${batch}-${index}` })));
  }
  expect(sandbox.state.summary().events.unique).toBe(20_000);
});
