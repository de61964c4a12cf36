import { Command } from 'commander';
import { type ProcessSettings, readSettings } from '../../config/environment.ts';
import { hasErrors, renderProblem } from '../../config/problems.ts';
import { proxiesOf, shownProxies } from '../../config/proxies.ts';
import { registryConfig } from '../../config/registry.ts';
import { validSources } from '../../config/sources.ts';
import { settingsOf } from '../../connector/endpoints.ts';
import { createRegistryClient } from '../../formats/registry/client.ts';
import { createFetch } from '../../http/proxies.ts';
import { graphClient } from '../../meta/graph-client.ts';
import { exitCode } from '../command/exit-code.ts';
import { chosenDestinations } from '../command/chosen.ts';
import { exitWith } from '../command/exit.ts';
import { actionsOption, loadedDestinations, mappingsOption, type MappingsOptions } from '../command/mappings-option.ts';
import { failed, failedBy, type Finding, ok } from './finding.ts';
import { kafkaFindings } from './kafka-findings.ts';
import { metaFindings } from './meta-findings.ts';
import { print } from '../command/print.ts';
import { surroundings } from '../command/surroundings.ts';

interface DoctorOptions extends MappingsOptions {
  readonly source: string;
  readonly json?: boolean;
  /** Of a run: only this one, with its own group. */
  readonly destination?: string;
  /** Of a run. */
  readonly deadLetters?: string;
}

export function doctorCommand(): Command {
  return new Command('doctor')
    .description('Looks at everything that a run needs, and says what is wrong and what to do. Changes nothing.')
    .addOption(mappingsOption())
    .addOption(actionsOption())
    .option('--source <source>', 'kafka, or anything else: then no broker is looked at', 'kafka')
    .option('--json', 'print the findings as JSON')
    .action(async (options: DoctorOptions) => exitWith(await printFindings(options)));
}

/** Prints what is found; the exit code is 1 where something fails. */
export async function printFindings(options: DoctorOptions): Promise<number> {
  const found = await findings(options);
  const failures = found.filter(({ status }) => status === 'failure').length;
  const warnings = found.filter(({ status }) => status === 'warning').length;
  if (options.json === true) {
    print(JSON.stringify({ ok: failures === 0, failures, warnings, findings: found }, null, 2));
  } else {
    print(found.map(rendered).join('\n'));
    print(`${failures} failures, ${warnings} warnings`);
  }
  return failures > 0 ? exitCode.failed : exitCode.done;
}

async function findings(options: DoctorOptions): Promise<readonly Finding[]> {
  let settings: ProcessSettings;
  try {
    settings = readSettings(surroundings().environment);
  } catch (error) {
    return [failedBy('settings', error, 'docs/doctor.md#settings')];
  }
  const found: Finding[] = [ok('settings', 'every variable can be read')];
  const destinations = await mappingFindings(options, found);
  const { source, destination: share, deadLetters } = options;
  if (source === 'kafka') {
    const own = settingsOf({ settings, ...(share !== undefined && { share }) });
    found.push(...(await kafkaFindings(own, deadLetters)));
  }
  found.push(...(await registryFindings(settings)));
  const proxies = shownProxies(settings);
  if (proxies.https !== undefined) found.push(ok('proxy', `calls of Meta go through ${proxies.https}`));
  const client = graphClient({
    baseUrl: settings.META_GRAPH_URL,
    proxies: proxiesOf(settings),
    requestTimeoutMillis: Math.min(settings.META_REQUEST_TIMEOUT_MS, 15_000),
  });
  const looks = { graphUrl: settings.META_GRAPH_URL, client, now: Date.now };
  try {
    for (const destination of destinations) found.push(...(await metaFindings(destination, looks)));
  } finally {
    await client.close();
  }
  return found;
}

async function mappingFindings(options: DoctorOptions, found: Finding[]) {
  try {
    const { destinations, problems, files } = await loadedDestinations(options, Date.now());
    if (hasErrors(problems)) {
      const message = problems.map(renderProblem).join('\n');
      found.push(failed('mappings', { code: 'CONFIG_INVALID', message }, 'docs/doctor.md#mappings'));
    } else {
      found.push(ok('mappings', `${files.length} files, ${destinations.length} destinations`));
    }
    const { destination } = options;
    return chosenDestinations(destinations, { ...(destination !== undefined && { destination }) });
  } catch (error) {
    found.push(failedBy('mappings', error, 'docs/doctor.md#mappings'));
    return [];
  }
}

/** No registry gives a schema this number. */
const noSchema = { kind: 'id', value: '2147483647' } as const;

async function registryFindings(settings: ProcessSettings): Promise<readonly Finding[]> {
  const check = 'schema registry';
  try {
    const needed = validSources(settings).needsRegistry;
    const access = registryConfig(settings);
    if (!needed || access === undefined) return [];
    const { tls, ...rest } = access;
    const fetch = createFetch(proxiesOf(settings), 10_000, tls);
    const answer = await createRegistryClient({ ...rest, fetch }).fetch(noSchema, AbortSignal.timeout(15_000));
    if (answer.kind === 'away' || answer.kind === 'invalid')
      return [failed(check, answer.failure, 'docs/doctor.md#schema-registry')];
    return [ok(check, `${access.url} answers`)];
  } catch (error) {
    return [failedBy(check, error, 'docs/doctor.md#schema-registry')];
  }
}

const marks = { ok: 'ok     ', warning: 'WARNING', failure: 'FAILURE', skipped: '-      ' } as const;

function rendered({ status, check, message, code, fix, docs }: Finding): string {
  const head = `${marks[status]} ${check}: ${message}${code === undefined ? '' : ` [${code}]`}`;
  const more = [fix !== undefined && `fix: ${fix}`, docs !== undefined && status !== 'ok' && `see: ${docs}`];
  return [head, ...more.filter((line) => line !== false).map((line) => `        ${line}`)].join('\n');
}
