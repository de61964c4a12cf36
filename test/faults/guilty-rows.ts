import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Row } from './row.ts';
import { members, soundOrders, type Workload } from './workload.ts';

/* Rows in which single records are at fault, and the others must not wait for them. */

/**
 * Meta answers every request with one of two events with an error that may pass: one in the middle, and one that is the
 * last of its partition. All others arrive, one request at a time; then Meta takes the two as well.
 */
export const guiltyRow: Row = {
  name: 'Meta fails on two events for as long as it takes the others to arrive',
  isOutage: true,
  scene: { workload: soundOrders, environment: { REQUESTS_PER_LANE: '1' } },
  async play(scene) {
    await scene.start();
    const half = scene.count / 2;
    // It counts from now on.
    const taken = scene.accepted(half);
    await scene.produce(half);
    await taken;
    const [event] = scene.sandbox.state.events();
    const run = String(event?.event['event_id']).replace(/-\d+$/, '');
    const guilty = [half + 1, scene.count - 1].map((index) => soundOrders.record(run, index).eventId);
    await scene.fault({ kind: 'refuse_event', event_ids: guilty, code: 2 });
    const before = scene.sandbox.state.summary().events.unique;
    await scene.produce(scene.count - half);
    await scene.meanwhile();
    const others = before + scene.count - half - guilty.length;
    await scene.until('others accepted', () => scene.sandbox.state.summary().events.unique === others);
    await scene.fault();
  },
};

/** One change in four names an audience that isn't there. */
const comeAndGo = members({ user: (index) => index % 1000, joins: (index) => index % 2000 < 1000 });
const someUnknown: Workload = {
  ...comeAndGo,
  record(run, index) {
    const sound = comeAndGo.record(run, index);
    const event = JSON.parse(sound.value.toString());
    const isUnknown = index % 4 === 3;
    const audience = isUnknown ? `9${index}` : '120211';
    const value = Buffer.from(JSON.stringify({ ...event, properties: { audience } }));
    return { ...sound, value, ...(isUnknown && { code: 'META_100_33' }) };
  },
  mappings() {
    const folder = mkdtempSync(join(tmpdir(), 'audiences-'));
    const settings = {
      ad_account_id: '77',
      access_token: { $env: 'META_ACCESS_TOKEN' },
      batch: { linger_ms: 200, max_rows: 500 },
    };
    const mapping = { audience_id: { '@path': '$.properties.audience' }, membership: { '@path': '$.traits.gold' } };
    const subscriptions = [{ name: 'Members', action: 'sync-audience', trigger: 'type = "identify"', mapping }];
    writeFileSync(join(folder, 'crm.json'), JSON.stringify({ name: 'crm', settings, subscriptions }));
    return folder;
  },
  members(count) {
    const last = new Map<string, boolean>();
    for (let index = 0; index < count; index++) {
      if (index % 4 !== 3) last.set(`user-${index % 1000}`, index % 2000 < 1000);
    }
    return new Set([...last].flatMap(([user, joined]) => (joined ? [user] : [])));
  },
};

export const unknownAudiencesRow: Row = {
  name: 'audience: events name thousands that Meta does not know, few may be looked up at once',
  isOutage: true,
  scene: { workload: someUnknown, environment: { MAX_AUDIENCES: '20' } },
  async play(scene) {
    await scene.start();
    await scene.produce(scene.count / 2);
    await scene.meanwhile();
    await scene.produce(scene.count / 2);
  },
};
