import { ConnectorError } from '../../core/errors.ts';
import { coverageOf } from './coverage.ts';
import { eventsAt } from './events-at.ts';
import type { InitOptions } from './options.ts';
import { type Preset, presetNamed } from './presets.ts';
import { probe } from './probe.ts';
import { propose, wholePreset } from './propose.ts';

/** What is proposed, and the records that it was made for: none where no place of events is given. */
export async function examine(options: InitOptions, presets: readonly Preset[]) {
  const { events, topic, from, limit, preset } = options;
  const wanted = preset === undefined ? undefined : wholePreset(presetNamed(preset, presets));
  if (events === undefined && topic === undefined) {
    const proposal = wanted ?? wholePreset(presetNamed('web-shop', presets));
    return { proposal, records: [], decode: { envelope: [], maxRecordBytes: 0 } };
  }
  const place = {
    limit,
    ...(events !== undefined && { file: events }),
    ...(topic !== undefined && { topic }),
    ...(from !== undefined && { from }),
  };
  const { records, decode, hasCells } = await eventsAt(place);
  if (records.length === 0) {
    throw new ConnectorError(
      'NO_EVENTS',
      `${events ?? topic} holds no records: give other --events, or --preset alone (${names(presets)})`,
    );
  }
  // Whoever is in a file of cells is on a list of people; a row of a topic may be anything.
  const fitting = presets.filter(({ name }) => hasCells || name !== 'audience-backfill');
  const proposal = wanted ?? propose(records, fitting, decode);
  if (proposal !== undefined) return { proposal, records, decode };
  const [first] = presets;
  const found = first === undefined ? [] : coverageOf(probe(records, first.destination, decode), []).unmet;
  const seen = found.slice(0, 5).map(({ type, name = '' }) => `${type} ${name}`.trim());
  const what = seen.length === 0 ? 'none of the records can be read as an event' : `there are ${seen.join(', ')}`;
  throw new ConnectorError(
    'NO_EVENTS',
    `no preset knows these events (${what}): take the nearest with --preset (${names(presets)}) and change its triggers, or set ENVELOPE or RECORDS as the records are`,
  );
}

function names(presets: readonly Preset[]): string {
  return presets.map(({ name }) => name).join(', ');
}
