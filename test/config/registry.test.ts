import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { readSettings } from '../../src/config/environment.ts';
import { registryConfig } from '../../src/config/registry.ts';

const folder = mkdtempSync(join(tmpdir(), 'registry-'));
afterAll(() => rmSync(folder, { recursive: true }));
const url = 'https://registry.example.com';
const configOf = (more: Record<string, string>) => registryConfig(readSettings({ SCHEMA_REGISTRY_URL: url, ...more }));

describe('access to the schema registry', () => {
  test('is free, by user and password, or by a token', () => {
    expect(registryConfig(readSettings({}))).toBeUndefined();
    expect(configOf({})).toEqual({ url });
    const basic = configOf({ SCHEMA_REGISTRY_USERNAME: 'jane', SCHEMA_REGISTRY_PASSWORD: 'p:w' });
    expect(basic?.authorization?.()).toBe(`Basic ${Buffer.from('jane:p:w').toString('base64')}`);
    expect(configOf({ SCHEMA_REGISTRY_TOKEN: 'abc' })?.authorization?.()).toBe('Bearer abc');
  });

  test('is unencrypted only without a secret, on this machine, or where that is allowed', () => {
    const token = { SCHEMA_REGISTRY_TOKEN: 't' };
    const there = { SCHEMA_REGISTRY_URL: 'http://registry:8081' };
    expect(configOf(there)).toEqual({ url: there.SCHEMA_REGISTRY_URL });
    for (const host of ['127.0.0.1', 'localhost', '[::1]']) {
      expect(configOf({ SCHEMA_REGISTRY_URL: `http://${host}:8081`, ...token })?.authorization?.()).toBe('Bearer t');
    }
    expect(configOf({ ...there, ...token, SCHEMA_REGISTRY_PLAIN_HTTP: 'true' })?.authorization?.()).toBe('Bearer t');
  });

  test('reads secrets of files anew', () => {
    const path = join(folder, 'token');
    writeFileSync(path, 'one\n');
    const token = configOf({ SCHEMA_REGISTRY_TOKEN_FILE: path });
    const basic = configOf({ SCHEMA_REGISTRY_USERNAME: 'u', SCHEMA_REGISTRY_PASSWORD_FILE: path });
    expect(token?.authorization?.()).toBe('Bearer one');
    writeFileSync(path, 'two\n');
    expect(token?.authorization?.()).toBe('Bearer two');
    expect(basic?.authorization?.()).toBe(`Basic ${Buffer.from('u:two').toString('base64')}`);
  });

  test('has certificates of files', () => {
    const path = join(folder, 'cert.pem');
    writeFileSync(path, 'PEM');
    const [ca, cert, key] = [path, path, path];
    const config = configOf({
      SCHEMA_REGISTRY_CA_FILE: ca,
      SCHEMA_REGISTRY_CERT_FILE: cert,
      SCHEMA_REGISTRY_KEY_FILE: key,
    });
    expect(config?.tls).toEqual({ ca: 'PEM', cert: 'PEM', key: 'PEM' });
  });

  test.each([
    [{ SCHEMA_REGISTRY_USERNAME: 'u' }, /SCHEMA_REGISTRY_PASSWORD/],
    [{ SCHEMA_REGISTRY_USERNAME: 'u', SCHEMA_REGISTRY_TOKEN: 't' }, /SCHEMA_REGISTRY_TOKEN/],
    [{ SCHEMA_REGISTRY_URL: 'https://u:p@registry.example.com' }, /SCHEMA_REGISTRY_URL must hold no user/],
    [{ SCHEMA_REGISTRY_CA_FILE: '/nowhere' }, /SCHEMA_REGISTRY_CA_FILE/],
    [{ SCHEMA_REGISTRY_URL: 'http://registry', SCHEMA_REGISTRY_TOKEN: 't' }, /SCHEMA_REGISTRY_PLAIN_HTTP=true/],
  ])('that is half said is refused with the setting: %o', (given, message) => {
    expect(() => configOf(given as Record<string, string>)).toThrow(message);
  });
});
