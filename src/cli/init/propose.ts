import { samples } from '../../../examples/samples.ts';
import type { JsonObject } from '../../core/json.ts';
import type { RecordKind } from '../../core/record-kind.ts';
import type { SourceRecord } from '../../core/record.ts';
import type { DecodeOptions } from '../../pipeline/route/decode.ts';
import { recordOf } from '../command/record-of.ts';
import type { MappingTest } from '../test/test-file.ts';
import { otherNames, triggerWith } from './event-names.ts';
import { type Preset, standardEvents, type WrittenSubscription } from './presets.ts';
import { bytesOf, type ProbedEvent, probe } from './probe.ts';

/** What a destination file is to hold, and the tests beside it. */
export interface Proposal {
  /** Where most of it comes from. */
  readonly preset: string;
  readonly settings: JsonObject;
  readonly records: RecordKind;
  readonly subscriptions: readonly WrittenSubscription[];
  readonly tests: readonly MappingTest[];
  /** Names that events of the spec have here, by the name of the sample. */
  readonly otherNames: ReadonlyMap<string, readonly string[]>;
}

/** A preset as it is. */
export function wholePreset({ name, settings, records, subscriptions, tests }: Preset): Proposal {
  return { preset: name, settings, records, subscriptions, tests, otherNames: new Map() };
}

/**
 * The subscriptions of the presets that these records meet, so that no two send a conversion for the same event: those
 * of the preset that most events are ready for, then of others what is left. Undefined where no preset knows any of them.
 */
export function propose(
  records: readonly SourceRecord[],
  presets: readonly Preset[],
  decode: DecodeOptions,
): Proposal | undefined {
  const kind = decode.records ?? 'events';
  const candidates = presets
    .filter((preset) => preset.records === kind)
    .map((preset) => candidateOf(preset, records, decode));
  const chosen: Chosen[] = [];
  const taken: Taken = { conversions: new Set(), audiences: new Set() };
  let left = candidates;
  for (;;) {
    const [best] = left
      .map((candidate) => ({ candidate, ...gainOf(candidate, taken) }))
      .filter(({ met }) => met > 0)
      .sort(bestFirst);
    if (best === undefined) break;
    for (const met of best.free) {
      for (const event of met.events) taken[met.changesAudience ? 'audiences' : 'conversions'].add(event);
      chosen.push({ preset: best.candidate.preset, written: met.written, names: [] });
    }
    left = left.filter((candidate) => candidate !== best.candidate);
  }
  const events = candidates[0]?.events ?? [];
  const names = otherNames(unmetOf(events, taken));
  const all = withOtherNames(chosen, names, presets, decode);
  return all[0] === undefined ? undefined : { ...proposalOf(all, kind), otherNames: names };
}

/** A subscription, and other names that its event has here. */
interface Chosen {
  readonly preset: Preset;
  readonly written: WrittenSubscription;
  readonly names: readonly string[];
}

interface Taken {
  readonly conversions: Set<number>;
  readonly audiences: Set<number>;
}

interface Met {
  readonly written: WrittenSubscription;
  readonly changesAudience: boolean;
  /** Places of the events that meet its trigger. */
  readonly events: readonly number[];
  readonly ready: number;
}

interface Candidate {
  readonly preset: Preset;
  readonly events: readonly ProbedEvent[];
  readonly met: readonly Met[];
}

function candidateOf(preset: Preset, records: readonly SourceRecord[], decode: DecodeOptions): Candidate {
  const events = probe(records, preset.destination, decode);
  const met = preset.destination.subscriptions.flatMap(({ id, action }): Met[] => {
    const places = [...events.entries()].filter(([, { ends }]) => ends.has(id));
    const written = preset.subscriptions.find(({ name }) => name === id);
    if (places.length === 0 || written === undefined) return [];
    const ready = places.filter(([, { ends }]) => ends.get(id)?.kind === 'ready').length;
    const changesAudience = action.definition.audience === true;
    return [{ written, changesAudience, events: places.map(([place]) => place), ready }];
  });
  return { preset, events, met };
}

function gainOf({ met }: Candidate, taken: Taken) {
  const free = met.filter(({ changesAudience, events, ready }) => {
    // Nobody joins an audience by a guess.
    if (changesAudience && ready * 2 < events.length) return false;
    const others = taken[changesAudience ? 'audiences' : 'conversions'];
    return !events.some((event) => others.has(event));
  });
  const sum = (of: (each: Met) => number) => free.reduce((total, each) => total + of(each), 0);
  return { free, ready: sum(({ ready }) => ready), met: sum(({ events }) => events.length) };
}

type Gain = ReturnType<typeof gainOf> & { readonly candidate: Candidate };

/** What actions say of themselves only fills up what presets leave. */
function bestFirst(left: Gain, right: Gain): number {
  const isFilling = ({ candidate }: Gain) => Number(candidate.preset.name === standardEvents);
  return isFilling(left) - isFilling(right) || right.ready - left.ready || right.met - left.met;
}

function unmetOf(events: readonly ProbedEvent[], { conversions, audiences }: Taken): readonly ProbedEvent[] {
  return events.filter((_, place) => !conversions.has(place) && !audiences.has(place));
}

/** With subscriptions for events of the spec that go by another name here. */
function withOtherNames(
  chosen: readonly Chosen[],
  otherNames: Proposal['otherNames'],
  presets: readonly Preset[],
  decode: DecodeOptions,
): readonly Chosen[] {
  const found = [...chosen];
  for (const [sample, names] of otherNames) {
    const known = subscriptionFor(sample, presets, decode);
    if (known === undefined) continue;
    const at = found.findIndex(({ written }) => written === known.written);
    if (at === -1) found.push({ ...known, names });
    else found.splice(at, 1, { ...known, names });
  }
  return found;
}

/** Names of presets in which the events of a shop are to be found, the best one first. */
const shops = ['web-shop', 'crm-leads', standardEvents];

function subscriptionFor(sample: string, presets: readonly Preset[], decode: DecodeOptions) {
  if (decode.records !== undefined && decode.records !== 'events') return undefined;
  for (const name of shops) {
    const preset = presets.find((each) => each.name === name);
    if (preset === undefined) continue;
    const [event] = probe([sampleRecord(sample)], preset.destination, { ...decode, envelope: [] });
    const id = [...(event?.ends ?? [])].find(([, end]) => end.kind === 'ready')?.[0];
    const written = preset.subscriptions.find((each) => each.name === id);
    if (written !== undefined) return { preset, written };
  }
  return undefined;
}

export function sampleRecord(sample: string, set: JsonObject = {}): SourceRecord {
  return recordOf(bytesOf({ ...samples[sample], ...set }), 0, Date.now());
}

function proposalOf(chosen: readonly Chosen[], records: RecordKind): Omit<Proposal, 'otherNames'> {
  const names = new Set<string>();
  const tests = new Map<string, MappingTest>();
  const subscriptions: WrittenSubscription[] = [];
  for (const { preset, written, names: others } of chosen) {
    const name = names.has(written.name) ? `${written.name} (${preset.name})` : written.name;
    names.add(name);
    const { trigger = triggerOf(preset, written.name), ...rest } = written;
    const all = others.length === 0 ? {} : { trigger: triggerWith(trigger, others) };
    const { name: _, action, ...more } = others.length === 0 ? written : rest;
    subscriptions.push({ name, action, ...all, ...more });
    for (const test of preset.tests) tests.set(test.name, test);
  }
  const presets = [...new Set(chosen.map(({ preset }) => preset))];
  const settings = Object.assign({}, ...presets.map((preset) => preset.settings).reverse()) as JsonObject;
  return { preset: presets[0]?.name ?? '', settings, records, subscriptions, tests: [...tests.values()] };
}

function triggerOf({ destination }: Preset, id: string): string {
  return destination.subscriptions.find((subscription) => subscription.id === id)?.trigger ?? '';
}
