import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { type SecretReference, secretOf } from '../../src/config/secret.ts';
import { readCredentials } from '../../src/meta/credentials.ts';

const folder = mkdtempSync(join(tmpdir(), 'credentials-'));
writeFileSync(join(folder, 'empty'), '\n');

it.each<readonly [SecretReference, string]>([
  [{ $file: 'missing' }, 'access_token (file missing) can not be read: ENOENT.'],
  [{ $file: 'empty' }, 'access_token (file empty) is not set, or empty.'],
  [{ $env: 'TOKEN' }, 'access_token (environment variable TOKEN) is not set, or empty.'],
])('a token of %j that can not be used is told with the reason', (reference, message) => {
  const found = readCredentials({ accessToken: secretOf(reference, folder, {}) });
  expect(found).toMatchObject({ failure: { code: 'SECRET_UNREADABLE', message } });
});
