import { spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, onTestFinished, test } from 'vitest';
import { runProgram } from '../support/program.ts';

const program = resolve(import.meta.dirname, '../../bin/meta-actions.js');

/** Starts `sandbox` on a free port and resolves to its URL. */
async function startSandbox(...options: string[]): Promise<string> {
  const child = spawn(process.execPath, [program, 'sandbox', '--port', '0', ...options]);
  onTestFinished(async () => {
    if (child.exitCode !== null) return;
    const closed = once(child, 'close');
    child.kill('SIGTERM');
    await closed;
  });
  for await (const line of createInterface({ input: child.stdout })) {
    const url = /^sandbox: (\S+) /.exec(line)?.[1];
    if (url !== undefined) return url;
  }
  throw new Error('the sandbox did not start');
}

async function errorCode(url: string, token: string): Promise<unknown> {
  const answer = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
  const { error } = (await answer.json()) as { readonly error?: { readonly code: unknown } };
  return error?.code;
}

test('sandbox takes tokens, ad accounts and audiences from the command line', async () => {
  const url = await startSandbox(
    ...['--token', 'first-token', '--token', 'second-token', '--ad-account', 'act_77', '--audience', '77:5'],
  );
  expect(await errorCode(`${url}/v26.0/5?fields=name`, 'first-token')).toBeUndefined();
  expect(await errorCode(`${url}/v26.0/5?fields=name`, 'third-token')).toBe(190);
  expect(await errorCode(`${url}/v26.0/act_77`, 'second-token')).toBeUndefined();
  expect(await errorCode(`${url}/v26.0/act_78`, 'second-token')).toBe(100);
});

test('sandbox takes datasets, an app secret and strict identifiers from the command line', async () => {
  const url = await startSandbox('--dataset', '1', '--app-secret', 'secret', '--strict-identifiers');
  const token = 'some-token';
  const event = {
    event_name: 'Lead',
    event_time: Math.floor(Date.now() / 1000),
    action_source: 'other',
    user_data: { em: ['ada@shop.example'] },
  };
  const post = async (dataset: string, parameters: object) => {
    const answer = await fetch(`${url}/v26.0/${dataset}/events`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ data: [event], ...parameters }),
    });
    return answer.json();
  };
  const appsecret_proof = createHmac('sha256', 'secret').update(token).digest('hex');
  const hashed = { ...event, user_data: { em: ['a'.repeat(64)] } };
  expect(await post('1', {})).toMatchObject({ error: { message: expect.stringContaining('appsecret_proof') } });
  expect(await post('2', { appsecret_proof })).toMatchObject({ error: { error_subcode: 33 } });
  expect(await post('1', { appsecret_proof })).toMatchObject({ error: { code: 100 } });
  expect(await post('1', { appsecret_proof, data: [hashed] })).toMatchObject({ events_received: 1 });
});

test.each([
  ['--audience', '77'],
  ['--port', 'x'],
])('sandbox %s %s is wrong usage', async (...parameters) => {
  const { code, stderr } = await runProgram(['sandbox', ...parameters]);
  expect([code, stderr]).toEqual([2, expect.stringContaining('must be')]);
});
