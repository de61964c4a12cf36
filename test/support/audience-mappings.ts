import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A mappings folder with one destination whose one subscription mirrors people into audiences. */
export function audienceMappings(settings: object = {}, mapping: object = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'audiences-'));
  const destination = {
    name: 'crm',
    settings: {
      ad_account_id: '77',
      access_token: { $env: 'META_ACCESS_TOKEN' },
      batch: { linger_ms: 200 },
      ...settings,
    },
    subscriptions: [{ name: 'Members', action: 'sync-audience', mapping }],
  };
  writeFileSync(join(folder, 'crm.json'), JSON.stringify(destination));
  return folder;
}
