import { dirname } from 'node:path';
import type { Action } from '../core/action.ts';
import { isObject, own } from '../core/json.ts';
import type { Destination } from '../core/subscription.ts';
import { countryCode } from '../identity/country.ts';
import { indexSubscriptions } from '../trigger/subscription-index.ts';
import { apiVersionWarnings } from './api-version.ts';
import { reportAudiences } from './check-audiences.ts';
import { collisionsOf, type Route } from './collisions.ts';
import type { DestinationFile } from './destination-schema.ts';
import { type Document, type Problem, parseDocument, type Report } from './document.ts';
import type { Environment } from './environment.ts';
import { reportStripping } from './in-the-clear.ts';
import { hasErrors } from './problems.ts';
import { settingsOf } from './settings.ts';
import { checkStructure } from './structure.ts';
import { topicsOf } from './subscription-topics.ts';
import { type ConfiguredSubscription, compileSubscription, parsed, type ValidSubscription } from './subscription.ts';

export interface LoadContext {
  readonly actions: ReadonlyMap<string, Action>;
  readonly environment: Environment;
  /** Unix milliseconds; absent: nothing is said of what depends on the time. */
  readonly now?: number;
}

/** A destination with what was written of its mappings. */
export interface ConfiguredDestination extends Destination {
  /** Of its file, as it was read. */
  readonly text: string;
  readonly subscriptions: readonly ConfiguredSubscription[];
}

export interface LoadedDestination {
  /** Absent when there is an error among the problems, or it is switched off. */
  readonly destination?: ConfiguredDestination;
  readonly problems: readonly Problem[];
  /** It is switched off, and otherwise sound. */
  readonly off?: true;
  /** What it takes to compare its subscriptions with those of other files. */
  readonly routes: readonly Route[];
}

/** Checks and compiles the text of a destination file. All problems are reported in one go. */
export function loadDestination(file: string, text: string, context: LoadContext): LoadedDestination {
  const document = parseDocument(file, text);
  if (document.syntaxErrors.length > 0) return { problems: document.syntaxErrors, routes: [] };
  const problems: Problem[] = checkStructure(document.value).map((diagnostic) => document.locate(diagnostic));
  const report: Report = (diagnostic, base) => problems.push(document.locate(diagnostic, base));
  const enabled = subscriptionsOf(document.value, context, report);
  reportPixel(document.value, context, report);
  reportCountry(document.value, report);
  reportAudiences(document.value, enabled, report);
  reportStripping(document.value, report);
  if (context.now !== undefined) {
    for (const warning of apiVersionWarnings(document.value, context.actions, context.now)) report(warning);
  }
  const routes = enabled.map((item) => routeOf(item, document));
  problems.push(...collisionsOf(routes));
  if (hasErrors(problems)) return { problems, routes: [] };
  const checked = document.value as DestinationFile;
  if (checked.enabled === false) return { problems, routes: [], off: true };
  const subscriptions = enabled.map(({ subscription }) => subscription);
  const destination: ConfiguredDestination = {
    name: checked.name,
    file,
    text,
    settings: settingsOf(checked, dirname(file), context.environment),
    subscriptions,
    candidates: indexSubscriptions(subscriptions),
  };
  return { destination, problems, routes };
}

interface Enabled extends ValidSubscription {
  /** Its place in the file. */
  readonly index: number;
}

/** The subscriptions that are subscription and on. Whatever the file has is looked at, also when its structure is wrong. */
function subscriptionsOf(value: unknown, context: LoadContext, report: Report): readonly Enabled[] {
  const listed = own(value, 'subscriptions');
  const consent = own(own(value, 'settings'), 'consent');
  const consentTree = typeof consent === 'string' ? parsed(consent, ['settings', 'consent'], report) : undefined;
  const topics = topicsOf(value, [], report);
  if (!Array.isArray(listed)) return [];
  const ids = new Set<unknown>();
  return listed.flatMap((item: unknown, index) => {
    const base = ['subscriptions', index];
    reportRepeated(item, ids, base, report);
    const surroundings = { base, actions: context.actions, consent: consentTree, topics, report };
    const subscription = compileSubscription(item, surroundings);
    return subscription === undefined || own(item, 'enabled') === false ? [] : [{ ...subscription, index }];
  });
}

function reportRepeated(item: unknown, ids: Set<unknown>, base: readonly (string | number)[], report: Report): void {
  const ownId = own(item, 'id');
  const id = ownId ?? own(item, 'name');
  if (typeof id !== 'string') return;
  if (ids.has(id)) {
    report(
      {
        severity: 'error',
        code: 'DUPLICATE_SUBSCRIPTION',
        path: [ownId === undefined ? 'name' : 'id'],
        message: `another subscription of this file is called "${id}"`,
        fix: 'give each subscription a name of its own',
      },
      base,
    );
  }
  ids.add(id);
}

/** Audiences need no pixel. */
function reportPixel(value: unknown, { actions }: LoadContext, report: Report): void {
  const settings = own(value, 'settings');
  const listed = own(value, 'subscriptions');
  if (!isObject(settings) || own(settings, 'pixel_id') !== undefined || !Array.isArray(listed)) return;
  const sendsConversions = listed.some((item) => {
    const action = actions.get(String(own(item, 'action')));
    return action !== undefined && action.definition.audience !== true && own(item, 'enabled') !== false;
  });
  if (!sendsConversions) return;
  report({
    severity: 'error',
    code: 'PIXEL_MISSING',
    path: ['settings'],
    message: '"settings" has no "pixel_id", and its subscriptions send conversions',
    fix: 'add "pixel_id": the id of the pixel (dataset) in Events Manager, in quotes',
  });
}

/** National phone numbers would be read without a country, and so be other people's. */
function reportCountry(value: unknown, report: Report): void {
  const country = own(own(value, 'settings'), 'default_country');
  // Of what is no code at all, the structure says so.
  if (typeof country !== 'string' || country.length !== 2 || countryCode(country) !== undefined) return;
  report({
    severity: 'error',
    code: 'CONFIG_VALUE',
    path: ['settings', 'default_country'],
    message: `"settings.default_country" is the code of no country: "${country}"`,
    fix: 'write the ISO 3166-1 alpha-2 code of the country, such as DE or GB; a language such as EN is none',
  });
}

function routeOf({ index, ...subscription }: Enabled, document: Document): Route {
  const name = own(document.value, 'name');
  const pixelId = own(own(document.value, 'settings'), 'pixel_id');
  return {
    ...subscription,
    destination: typeof name === 'string' ? name : document.file,
    pixelId: typeof pixelId === 'string' ? pixelId : undefined,
    locate: (diagnostic) => document.locate(diagnostic, ['subscriptions', index]),
  };
}
