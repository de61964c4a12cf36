import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createExplainer } from '../../src/explain/explain-event.ts';
import { loadDestination } from '../../src/config/destination.ts';
import { loadActions } from '../../src/kit/load-actions.ts';
import { record } from '../actions/run-action.ts';
import { happened, type Run } from './runs.ts';

const root = new URL('../../', import.meta.url);
const actions = await loadActions(fileURLToPath(new URL('actions', root)));

export const presetOf = (name: string): URL => new URL(`mappings/presets/${name}.json`, root);

/** The destination that the run's event meets. */
export function destinationOf({ preset, action, trigger, mapping, settings }: Run): string {
  if (preset !== undefined) return readFileSync(presetOf(preset), 'utf8');
  const pixel = { pixel_id: '1', access_token: { $env: 'META_ACCESS_TOKEN' } };
  const subscription = { name: 'One', action, ...(trigger !== undefined && { trigger }), mapping: mapping ?? {} };
  return JSON.stringify({ name: 'one', settings: { ...pixel, ...settings }, subscriptions: [subscription] });
}

/** What `explain` says of the run's event. */
export function explained(run: Run, showIdentifiers = false) {
  const { destination, problems } = loadDestination('run.json', destinationOf(run), { actions, environment: {} });
  if (destination === undefined) throw new Error(JSON.stringify(problems));
  const explain = createExplainer({
    ...{ destinations: [destination], now: happened + 60_000, details: false, showIdentifiers },
    decode: { envelope: [], maxRecordBytes: 1_000_000 } as Parameters<typeof createExplainer>[0]['decode'],
  });
  const [explanation] = explain({ ...record, value: Buffer.from(JSON.stringify(run.event)) }, 0);
  if (explanation === undefined) throw new Error('nothing is said');
  return explanation;
}
