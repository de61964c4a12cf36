import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { readSettings } from '../../src/config/environment.ts';
import { notifyConfig } from '../../src/config/notify.ts';

const folder = mkdtempSync(join(tmpdir(), 'notify-'));
afterAll(() => rmSync(folder, { recursive: true }));
const configOf = (environment: Readonly<Record<string, string>>) => notifyConfig(readSettings(environment));

describe('the webhook of changes of state', () => {
  test('is none without an address', () => {
    expect(configOf({})).toBeUndefined();
    expect(configOf({ NOTIFY_SECRET: 'key' })).toBeUndefined();
  });

  test('has its address and its key from variables or files, which are read anew', () => {
    const [url, key] = [join(folder, 'url'), join(folder, 'key')];
    writeFileSync(url, 'https://hooks.example.com/one\n');
    writeFileSync(key, 'first\n');
    const config = configOf({ NOTIFY_URL_FILE: url, NOTIFY_SECRET_FILE: key, NOTIFY_FORMAT: 'slack' });
    expect(config).toMatchObject({ format: 'slack', intervalMillis: 60_000, deadLetterShare: 0.05 });
    expect([config?.url(), config?.secret?.read()]).toEqual(['https://hooks.example.com/one', 'first']);
    writeFileSync(url, 'https://hooks.example.com/two/');
    writeFileSync(key, 'second');
    expect([config?.url(), config?.secret?.read()]).toEqual(['https://hooks.example.com/two/', 'second']);
    expect(configOf({ NOTIFY_URL: 'https://hooks.example.com/?a=b' })?.url()).toBe('https://hooks.example.com/?a=b');
  });

  test('is unencrypted only on this machine, or where that is allowed', () => {
    for (const host of ['127.0.0.1', 'localhost', '[::1]']) {
      expect(configOf({ NOTIFY_URL: `http://${host}:1/x` })?.url()).toBe(`http://${host}:1/x`);
    }
    const allowed = { NOTIFY_URL: 'http://hooks.internal/x', NOTIFY_PLAIN_HTTP: 'true' };
    expect(configOf(allowed)?.url()).toBe('http://hooks.internal/x');
  });

  test.each([
    [{ NOTIFY_URL: 'http://hooks.internal/geheim' }, /^NOTIFY_URL must be https/],
    [{ NOTIFY_URL: 'https://jane:geheim@hooks.example.com' }, /^NOTIFY_URL must hold no user/],
    [{ NOTIFY_URL: 'geheim' }, /^NOTIFY_URL must be an https/],
    [{ NOTIFY_URL: 'ftp://geheim' }, /^NOTIFY_URL must be an https/],
    [{ NOTIFY_URL: 'https://a.example/geheim', NOTIFY_URL_FILE: '/x' }, /NOTIFY_URL and NOTIFY_URL_FILE exclude/],
    [{ NOTIFY_URL_FILE: '/nowhere/url' }, /\/nowhere\/url can't be read/],
    [{ NOTIFY_URL: 'https://a.example/geheim', NOTIFY_SECRET_FILE: '/nowhere/key' }, /\/nowhere\/key can't be read/],
    [{ NOTIFY_URL: 'https://a.example/geheim', NOTIFY_FORMAT: 'teams' }, /NOTIFY_FORMAT must be one of json, slack/],
  ])('is refused where it can not be right, without quoting the address: %j', (environment, message) => {
    expect(() => configOf(environment)).toThrow(message);
    expect(() => configOf(environment)).not.toThrow(/geheim/);
  });
});
