/**
 * Runs the actions that Segment publishes beside ours, and lists every difference between what the two would send, with its
 * reason (bench/parity/). A difference without a known reason fails: exit code 1. Nothing is sent.
 *
 *   npm run parity -- events.ndjson mapping.json   events, and a Public API answer of Segment's with subscriptions
 *   npm run parity -- --generate 10000             events that are made up, for all actions
 */
import { createReadStream, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { loadAvailableActions } from '../src/connector/available-actions.ts';
import { isObject, type JsonObject, own } from '../src/core/json.ts';
import { generatedEvents } from './parity/events.ts';
import { createOurs } from './parity/ours.ts';
import { compareAll, type Pair } from './parity/run.ts';
import { renderParity } from './parity/render.ts';
import { segmentPackages } from './parity/segment-packages.ts';
import { allActions, generatedAt } from './parity/subscriptions.ts';
import { createTheirs, type SegmentSubscription } from './parity/theirs.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { generate: { type: 'string' }, seed: { type: 'string', default: '1' }, json: { type: 'boolean' } },
});
const [eventsFile, mappingFile] = positionals;
const count = values.generate === undefined ? undefined : Number(values.generate);
if (count === undefined ? mappingFile === undefined : !Number.isSafeInteger(count)) {
  process.stderr.write('usage: npm run parity -- EVENTS.ndjson MAPPING.json, or --generate COUNT [--seed N]\n');
  process.exit(2);
}

/** The lines of a file of events. */
async function* eventsIn(path: string): AsyncGenerator<JsonObject> {
  for await (const line of createInterface({ input: createReadStream(path) })) {
    if (line.trim() === '') continue;
    const event: unknown = JSON.parse(line);
    if (isObject(event)) yield event;
  }
}

/** The subscriptions of an answer of Segment's Public API. */
function subscriptionsIn(path: string): readonly SegmentSubscription[] {
  const root: unknown = JSON.parse(readFileSync(path, 'utf8'));
  const listed = own(root, 'subscriptions') ?? own(own(root, 'data'), 'subscriptions');
  if (!Array.isArray(listed))
    throw new Error(`${path} has no list "subscriptions": give what Segment's Public API answers`);
  return (listed as SegmentSubscription[]).filter(({ enabled }) => enabled !== false);
}

const actions = await loadAvailableActions(undefined);
const now = count === undefined ? Date.now() : generatedAt;
const subscriptions = mappingFile === undefined ? allActions : subscriptionsIn(mappingFile);
const pairs = subscriptions.flatMap((subscription): readonly Pair[] => {
  try {
    return [{ subscription, ours: createOurs(subscription, actions, now) }];
  } catch (error) {
    process.stderr.write(`left out: ${error instanceof Error ? error.message : String(error)}\n`);
    return [];
  }
});
if (pairs.length === 0) throw new Error('there is no subscription that can be compared');
const theirs = createTheirs(await segmentPackages());
const events = count === undefined ? eventsIn(eventsFile ?? '') : generatedEvents(count, Number(values.seed));
const result = await compareAll(events, pairs, theirs);
process.stdout.write(`${renderParity(result, values.json === true)}\n`);
process.exitCode = result.unknownCount > 0 ? 1 : 0;
