import { Command } from 'commander';
import { describeSettings, readSettings } from '../config/environment.ts';
import { proxiesOf } from '../config/proxies.ts';
import { ConnectorError } from '../core/errors.ts';
import type { Destination } from '../core/subscription.ts';
import { countriesOf } from '../connector/people-reading.ts';
import { createRecordDecoding } from '../connector/record-decoding.ts';
import { systemClock } from '../connector/system-clock.ts';
import { topicOrFile } from '../connector/topic-or-file.ts';
import { adAccountsOf } from '../erasure/ad-accounts.ts';
import { erase } from '../erasure/erase.ts';
import { type PeopleToErase, peopleOfFile, personOfTexts } from '../erasure/people.ts';
import { receiptText } from '../erasure/receipt.ts';
import { graphClient } from '../meta/graph-client.ts';
import { openUserFile } from '../replace/user-file.ts';
import { exitWith } from './command/exit.ts';
import { exitCode } from './command/exit-code.ts';
import { actionsOption, mappingsOption, type MappingsOptions, validDestinations } from './command/mappings-option.ts';
import { print, printAside } from './command/print.ts';
import { shownProgress } from './command/progress.ts';
import { stopSignal } from './command/stop-signal.ts';
import { surroundings } from './command/surroundings.ts';

interface EraseCommandOptions extends MappingsOptions {
  readonly file?: string;
  readonly person?: readonly string[];
  readonly from?: readonly string[];
  readonly json?: boolean;
}

export function eraseCommand(): Command {
  return new Command('erase')
    .description(
      'Erases people: from every audience of the ad accounts in the mappings, and from dead letters and the marks of replays.',
    )
    .addOption(mappingsOption())
    .addOption(actionsOption())
    .option('--file <path>', 'people: .ndjson, or .csv, .txt, .tsv with a header, as for audiences replace')
    .option(
      '--person <key=value...>',
      'one person: email=…, phone=…, external_id=…, madid=…; --file keeps them out of the shell history',
    )
    .option(
      '--from <places...>',
      "topic:NAME or file:PATH with dead letters (default: the connector's topic, if KAFKA_BROKERS is set)",
    )
    .option('--json', 'print the receipt as JSON')
    .addHelpText('after', `\nEnvironment variables:\n${describeSettings()}`)
    .action(async (options: EraseCommandOptions) => {
      const settings = readSettings(surroundings().environment);
      const destinations = await validDestinations(options);
      const places = placesOf(options.from, settings.KAFKA_BROKERS !== undefined);
      checkPlaces(places, destinations);
      const people = await peopleOf(options, countriesOf(destinations));
      const client = graphClient({
        baseUrl: settings.META_GRAPH_URL,
        proxies: proxiesOf(settings),
        requestTimeoutMillis: settings.META_REQUEST_TIMEOUT_MS,
      });
      const stop = new AbortController();
      void stopSignal().then(() => stop.abort());
      const warn = (code: string, message: string) => printAside(`warning: ${message} [${code}]`);
      const progress = shownProgress({ label: 'looking through dead letters', unit: 'letters' });
      const receipt = await erase({
        looked: progress.at,
        ...people,
        ...{ settings, destinations, places, signal: stop.signal },
        decoding: createRecordDecoding(settings, systemClock, warn),
        call: { client, lane: 'erasure', clock: systemClock, telemetry: { emit() {} } },
      });
      progress.end();
      await client.close();
      print(options.json === true ? JSON.stringify(receipt) : receiptText(receipt));
      exitWith(receipt.complete ? exitCode.done : exitCode.failed);
    });
}

function placesOf(from: readonly string[] | undefined, hasBrokers: boolean): readonly string[] {
  const places = from ?? (hasBrokers ? ['topic:'] : []);
  // Before anything is erased from the others.
  for (const place of places) topicOrFile(place, '--from');
  return places;
}

/** An erasure of nothing would look like success. */
function checkPlaces(places: readonly string[], destinations: readonly Destination[]): void {
  if (places.length > 0 || adAccountsOf(destinations).length > 0) return;
  throw new ConnectorError(
    'USAGE',
    'there is nothing to erase from: no destination has an ad_account_id, KAFKA_BROKERS is not set, and no place of dead letters is named with --from',
  );
}

async function peopleOf({ file, person }: EraseCommandOptions, countries: readonly string[]): Promise<PeopleToErase> {
  if ((file === undefined) === (person === undefined)) {
    throw new ConnectorError('USAGE', 'say whom to erase, with either --file or --person');
  }
  if (person !== undefined) return { people: [personOfTexts(person, countries)], unusable: [] };
  const found = await peopleOfFile(await openUserFile(file ?? '', new Map()), countries);
  if (found.people.length > 0) return found;
  throw new ConnectorError(
    'FILE_NO_USERS',
    `${file} has nobody who can be found; nothing was erased. A row needs an e-mail address, a phone number, an external id or an advertising id, in a column of that name`,
  );
}
