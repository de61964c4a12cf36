import { randomUUID } from 'node:crypto';
import { Argument, Command, InvalidArgumentError } from 'commander';
import { samples } from '../../../examples/samples.ts';
import { readSettings } from '../../config/environment.ts';
import { proxiesOf } from '../../config/proxies.ts';
import { systemClock } from '../../connector/system-clock.ts';
import { ConnectorError } from '../../core/errors.ts';
import type { SourceRecord } from '../../core/record.ts';
import { suggest } from '../../core/suggest.ts';
import { graphClient } from '../../meta/graph-client.ts';
import { eventRecords } from '../../pipeline/route/several-events.ts';
import { type DecodeOptions, decodeRecord } from '../../pipeline/route/decode.ts';
import { agreed } from '../command/agreed.ts';
import { type Choice, chosenDestinations } from '../command/chosen.ts';
import { exitCode } from '../command/exit-code.ts';
import { actionsOption, mappingsOption, type MappingsOptions, validDestinations } from '../command/mappings-option.ts';
import { print, printAside } from '../command/print.ts';
import { recordOf } from '../command/record-of.ts';
import { readEvents } from '../explain/read-events.ts';
import { createRecordReading, type RecordReading } from '../explain/record-reading.ts';
import { plannedFor, type Planned } from './planned.ts';
import { renderSent, type SentFor } from './send-text.ts';
import { sendPlanned } from './send-planned.ts';
import { surroundings } from '../command/surroundings.ts';
import { exitWhenDone } from '../command/exit.ts';

interface SendOptions extends MappingsOptions, Choice {
  readonly sample?: string;
  readonly index?: number;
  readonly testEventCode?: string;
  readonly real?: boolean;
  readonly yes?: boolean;
  readonly showIdentifiers?: boolean;
  readonly json?: boolean;
}

const notes = `
A conversion goes to the Test events of the Events Manager, by --test-event-code or the destination's own (Meta measures
those as well); with --real it goes where any other does. For an audience an invented user with the columns of the event's person is added and taken out again.

Exit codes: 0 all that was sent is accepted; 1 something is refused, or nothing is sent; 2 wrong usage or configuration.`;

export function sendCommand(): Command {
  return new Command('send')
    .description('Sends one event to Meta now, past every queue, and shows the request, the answer and where to look.')
    .addArgument(new Argument('[events]', 'file with the event, as explain reads it; - for stdin').default('-'))
    .option('--sample <name>', 'an invented event of the Segment spec instead, such as "Order Completed"')
    .option('--index <number>', 'which event of the file, from 0, if it holds several', place)
    .addOption(mappingsOption())
    .addOption(actionsOption())
    .option('--destination <name>', 'only to this one')
    .option('--subscription <id>', 'only for this one')
    .option('--test-event-code <code>', 'of Events Manager > the dataset > Test events')
    .option('--real', 'send conversions that count; asks first')
    .option('--yes', 'with --real: ask nothing')
    .option('--show-identifiers', 'show identifiers of people that are in the request')
    .option('--json', 'print as JSON')
    .addHelpText('after', notes)
    .action(send);
}

async function send(path: string, options: SendOptions): Promise<void> {
  if (options.real === true && options.testEventCode !== undefined)
    throw new ConnectorError('USAGE', 'give --test-event-code or --real, not both');
  const settings = readSettings(surroundings().environment);
  const destinations = chosenDestinations(await validDestinations(options), options);
  const reading = createRecordReading(settings);
  const record = await eventOf(path, options, reading);
  const decode = options.sample === undefined ? reading.decode : plainCalls(reading.decode);
  const planned = plannedFor(record, destinations, decode, Date.now(), options.subscription);
  await makeSure(planned, options);
  const client = graphClient({
    baseUrl: settings.META_GRAPH_URL,
    proxies: proxiesOf(settings),
    requestTimeoutMillis: settings.META_REQUEST_TIMEOUT_MS,
  });
  const call = { client, clock: systemClock, random: Math.random, telemetry: { emit() {} }, secret: randomUUID() };
  const results: SentFor[] = [];
  for (const each of planned.all) {
    const sent = await sendPlanned(call, each, planned.kept, options);
    results.push(sent);
    if (options.json !== true) print(renderSent(sent));
  }
  await client.close();
  if (options.json === true)
    print(JSON.stringify({ results, ...(planned.error && { error: planned.error }) }, null, 2));
  else if (planned.error !== undefined)
    printAside(`the record is no event: ${planned.error.message} [${planned.error.code}]`);
  else if (!results.some(({ status }) => status === 'accepted' || status === 'refused'))
    printAside('Nothing was sent. `meta-actions explain` shows for the event why.');
  const accepted = results.filter(({ status }) => status === 'accepted').length;
  const refused = results.filter(({ status }) => status === 'refused').length;
  exitWhenDone(accepted > 0 && refused === 0 ? exitCode.done : exitCode.failed);
}

async function eventOf(path: string, { sample, index }: SendOptions, reading: RecordReading): Promise<SourceRecord> {
  const now = Date.now();
  if (sample !== undefined) {
    const event = Object.hasOwn(samples, sample) ? samples[sample] : undefined;
    if (event === undefined) throw unknownSample(sample);
    // Meta takes two events of one id for the same one.
    const fresh = { ...event, messageId: `test-${randomUUID()}` };
    return recordOf(Buffer.from(JSON.stringify(fresh)), 0, now, 'send');
  }
  const records = (await readEvents(path, reading.valueOfLine('send'))).map((value, at) =>
    recordOf(value, at, now, 'send'),
  );
  await reading.prepare(records);
  const events = records.flatMap((record) => {
    const decoded = decodeRecord(record, reading.decode);
    if (decoded.kind !== 'several') return [record];
    const recordAt = eventRecords(record, decoded);
    return decoded.messages.map((_, at) => recordAt(at));
  });
  const found = events[index ?? 0];
  if (index === undefined && events.length > 1)
    throw new ConnectorError('USAGE', `there are ${events.length} events: say which one with --index, from 0`);
  if (found === undefined)
    throw new ConnectorError('USAGE', `there are ${events.length} events, and none at this place`);
  return found;
}

/** Samples are calls of the Segment spec, whatever the records of the topics are. */
function plainCalls({ maxRecordBytes }: DecodeOptions): DecodeOptions {
  return { envelope: [], maxRecordBytes };
}

function unknownSample(sample: string): ConnectorError {
  const known = Object.keys(samples);
  const meant = suggest(sample, known);
  const advice = meant === undefined ? `there are ${known.join(', ')}` : `did you mean "${meant}"?`;
  return new ConnectorError('USAGE', `there is no sample "${sample}": ${advice}`);
}

/** Before the first conversion that counts. */
async function makeSure({ all }: Planned, { real, yes, testEventCode }: SendOptions): Promise<void> {
  const conversions = all.filter(({ decision }) => decision?.kind === 'deliver');
  const uncoded = conversions.filter(({ destination, decision }) => {
    const own = decision?.kind === 'deliver' ? decision.ready.testEventCode : undefined;
    return (testEventCode ?? own ?? destination.settings.testEventCode) === undefined;
  });
  if (uncoded.length === 0) return;
  if (real !== true) {
    throw new ConnectorError(
      'USAGE',
      'a conversion needs --test-event-code CODE (Events Manager > the dataset > Test events), or --real if it is to count; nothing was sent',
    );
  }
  const pixels = [...new Set(uncoded.map(({ destination }) => destination.settings.pixelId ?? ''))].join(', ');
  if (
    await agreed(
      `Send ${uncoded.length === 1 ? 'a conversion' : `${uncoded.length} conversions`} that counts to ${pixels}?`,
      yes === true,
    )
  )
    return;
  throw new ConnectorError('CONFIRMATION_NEEDED', '--real sends what counts for ads: add --yes; nothing was sent');
}

function place(text: string): number {
  if (/^\d{1,7}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('must be a whole number from 0');
}
