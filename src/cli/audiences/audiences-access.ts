import { setTimeout as sleep } from 'node:timers/promises';
import { Option } from 'commander';
import { readSettings } from '../../config/environment.ts';
import { proxiesOf } from '../../config/proxies.ts';
import { ConnectorError } from '../../core/errors.ts';
import type { Telemetry } from '../../core/ports.ts';
import type { Destination } from '../../core/subscription.ts';
import type { AudienceCallOptions, Refused } from '../../meta/audiences/audience-call.ts';
import { ambiguousName } from '../../meta/audiences/directory-failures.ts';
import { listAudiences } from '../../meta/audiences/list-audiences.ts';
import { graphClient } from '../../meta/graph-client.ts';
import { systemClock } from '../../connector/system-clock.ts';
import { validDestinations, type MappingsOptions } from '../command/mappings-option.ts';
import { surroundings } from '../command/surroundings.ts';

/** What every command about audiences is told. */
export interface AccessOptions extends MappingsOptions {
  readonly destination?: string;
  readonly json?: boolean;
}

/** Audiences at Meta, with the token of one destination. */
export interface AudienceAccess {
  readonly destination: Destination;
  readonly call: AudienceCallOptions;
  /** The destination's ad account, with `act_`. Throws `USAGE` where it has none. */
  adAccount(): string;
  /** Asks until there is an answer, a few times; throws what Meta says, with the fix. */
  ask<T extends { readonly kind: string } | readonly unknown[]>(
    question: (signal: AbortSignal) => Promise<T | Refused>,
  ): Promise<T>;
  /** The id of an audience that is given by its id or by its name. */
  idOf(audience: string): Promise<string>;
  close(): Promise<void>;
}

const tries = 4;
const firstWaitMillis = 500;
const silent: Telemetry = { emit() {} };

export function destinationOption(): Option {
  return new Option('--destination <name>', 'whose token and ad account; needed where there are several');
}

export async function openAudiences(options: AccessOptions, telemetry: Telemetry = silent): Promise<AudienceAccess> {
  const settings = readSettings(surroundings().environment);
  const destination = chosen(await validDestinations(options), options.destination);
  const client = graphClient({
    baseUrl: settings.META_GRAPH_URL,
    proxies: proxiesOf(settings),
    requestTimeoutMillis: settings.META_REQUEST_TIMEOUT_MS,
  });
  const call: AudienceCallOptions = { client, lane: 'audiences', clock: systemClock, telemetry };
  const never = new AbortController().signal;

  const ask: AudienceAccess['ask'] = async (question) => {
    for (let tried = 1; ; tried += 1) {
      const answer = await question(never);
      if (!isRefused(answer)) return answer;
      if (answer.kind !== 'retryable' || tried === tries) throw refusal(answer);
      await sleep(firstWaitMillis * 2 ** tried);
    }
  };

  function adAccount(): string {
    const { adAccountId } = destination.settings;
    if (adAccountId !== undefined) return adAccountId;
    const message = `the destination ${destination.name} has no ad account to look in: set ad_account_id in ${destination.file}`;
    throw new ConnectorError('USAGE', message);
  }

  return {
    destination,
    call,
    adAccount,
    ask,
    async idOf(audience) {
      if (/^\d+$/.test(audience)) return audience;
      const named = { name: audience, adAccountId: adAccount() };
      const found = await ask((signal) => listAudiences(call, destination, named, signal));
      const [first, ...others] = found;
      if (first === undefined) throw noneOf(audience, adAccount());
      if (others.length > 0)
        throw refusal(
          ambiguousName(
            named,
            found.map(({ id }) => id),
          ),
        );
      return first.id;
    },
    close: () => client.close(),
  };
}

function chosen(destinations: readonly Destination[], name: string | undefined): Destination {
  const found =
    name === undefined ? candidates(destinations) : destinations.filter((destination) => destination.name === name);
  const [first, ...others] = found;
  if (first !== undefined && others.length === 0) return first;
  const names = destinations.map((destination) => destination.name).join(', ');
  const problem = name === undefined ? 'there are several destinations' : `there is no destination "${name}"`;
  throw new ConnectorError('USAGE', `${problem}: give one of them with --destination: ${names}`);
}

/** Those with an ad account, if only some have one. */
function candidates(destinations: readonly Destination[]): readonly Destination[] {
  const withAccount = destinations.filter(({ settings }) => settings.adAccountId !== undefined);
  return withAccount.length > 0 ? withAccount : destinations;
}

function isRefused<T extends { readonly kind: string } | readonly unknown[]>(answer: T | Refused): answer is Refused {
  return 'kind' in answer && ['retryable', 'throttled', 'rejected', 'blocked'].includes(String(answer.kind));
}

export function refusal({ failure, ...outcome }: Refused): ConnectorError {
  const wait = outcome.kind === 'throttled' ? ` Try again in ${minutes(outcome.waitMillis)}.` : '';
  const fix = failure.fix === undefined ? '' : ` Fix: ${failure.fix}`;
  return new ConnectorError(failure.code, `${failure.message}${fix}${wait}`);
}

function minutes(millis: number | undefined): string {
  return millis === undefined ? 'some minutes' : `${Math.max(1, Math.ceil(millis / 60_000))} min`;
}

function noneOf(name: string, adAccount: string): ConnectorError {
  const message = `the ad account ${adAccount} has no audience called "${name}": \`meta-actions audiences list\` shows those that it has, \`audiences create\` makes one`;
  return new ConnectorError('AUDIENCE_NOT_FOUND', message);
}
