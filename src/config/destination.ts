import { dirname } from 'node:path';
import type { Action } from '../core/action.ts';
import type { Diagnostic } from '../core/diagnostic.ts';
import type { JsonObject } from '../core/json.ts';
import type { DestinationSettings } from '../core/settings.ts';
import type { Destination, Subscription } from '../core/subscription.ts';
import { suggest } from '../core/suggest.ts';
import { checkMapping } from '../mapping/check.ts';
import { compileMapping } from '../mapping/compile.ts';
import { lintMapping } from '../mapping/lint.ts';
import { triggerCandidates } from '../trigger/candidates.ts';
import { compilePredicate } from '../trigger/compile.ts';
import { lintTrigger } from '../trigger/lint.ts';
import { parseTrigger } from '../trigger/parse.ts';
import { indexSubscriptions } from '../trigger/subscription-index.ts';
import type { TriggerNode } from '../trigger/tree.ts';
import type { DestinationFile, SubscriptionFile } from './destination-schema.ts';
import { type Document, type Problem, parseDocument } from './document.ts';
import type { Environment } from './environment.ts';
import { explicitCustomData, mergedMapping } from './mapping-merge.ts';
import { hasErrors } from './problems.ts';
import { secretOf } from './secret.ts';
import { checkStructure } from './structure.ts';

export interface LoadContext {
  readonly actions: ReadonlyMap<string, Action>;
  readonly environment: Environment;
}

export interface LoadedDestination {
  /** Absent when there is an error among the problems. */
  readonly destination?: Destination;
  readonly problems: readonly Problem[];
}

type Report = (diagnostic: Diagnostic, base?: readonly (string | number)[]) => void;

/** Checks and compiles the text of a destination file. All problems are reported in one go. */
export function loadDestination(file: string, text: string, context: LoadContext): LoadedDestination {
  const document = parseDocument(file, text);
  if (document.syntaxErrors.length > 0) return { problems: document.syntaxErrors };
  const problems: Problem[] = checkStructure(document.value).map((diagnostic) => document.locate(diagnostic));
  const report: Report = (diagnostic, base) => problems.push(document.locate(diagnostic, base));
  const subscriptions = subscriptionsOf(document, context, report);
  if (hasErrors(problems)) return { problems };
  const checked = document.value as DestinationFile;
  const settings = settingsOf(checked, dirname(file), context.environment);
  const enabled = subscriptions.filter((subscription) => subscription !== undefined);
  if (settings.pixelId === undefined) {
    report({
      severity: 'error',
      code: 'PIXEL_MISSING',
      path: ['settings'],
      message: '"settings" has no "pixel_id", and its subscriptions send conversions',
      fix: 'add "pixel_id": the id of the pixel (dataset) in Events Manager, in quotes',
    });
    return { problems };
  }
  const destination: Destination = {
    name: checked.name,
    file,
    settings,
    subscriptions: enabled,
    candidates: indexSubscriptions(enabled),
  };
  return { destination, problems };
}

/** Looks at whatever subscriptions the file has, also when its structure is wrong elsewhere. */
function subscriptionsOf(document: Document, context: LoadContext, report: Report): (Subscription | undefined)[] {
  const value = document.value as Partial<DestinationFile> | undefined;
  if (!Array.isArray(value?.subscriptions)) return [];
  const ids = new Set<string>();
  const consent = typeof value.settings?.consent === 'string' ? value.settings.consent : undefined;
  const consentTree = consent === undefined ? undefined : parsed(consent, ['settings', 'consent'], report);
  return value.subscriptions.map((subscription: SubscriptionFile, index: number) => {
    const base = ['subscriptions', index];
    if (typeof subscription?.name !== 'string' || typeof subscription.action !== 'string') return undefined;
    const id = subscription.id ?? subscription.name;
    if (ids.has(id)) {
      report(
        {
          severity: 'error',
          code: 'DUPLICATE_SUBSCRIPTION',
          path: [subscription.id === undefined ? 'name' : 'id'],
          message: `another subscription of this file is called "${id}"`,
          fix: 'give each subscription a name of its own',
        },
        base,
      );
    }
    ids.add(id);
    const compiled = compiledSubscription(subscription, id, base, consentTree, context, report);
    return subscription.enabled === false ? undefined : compiled;
  });
}

function compiledSubscription(
  file: SubscriptionFile,
  id: string,
  base: readonly (string | number)[],
  destinationConsent: TriggerNode | undefined,
  context: LoadContext,
  report: Report,
): Subscription | undefined {
  const action = context.actions.get(file.action);
  if (action === undefined) {
    const meant = suggest(file.action, context.actions.keys());
    report(
      {
        severity: 'error',
        code: 'UNKNOWN_ACTION',
        path: ['action'],
        message: `there is no action "${file.action}"`,
        fix: meant === undefined ? `use one of ${[...context.actions.keys()].join(', ')}` : `did you mean "${meant}"?`,
      },
      base,
    );
  }
  const trigger = file.trigger ?? action?.definition.defaultTrigger;
  const triggerPath = file.trigger === undefined ? [...base, 'action'] : [...base, 'trigger'];
  if (trigger === undefined && action !== undefined) {
    report(
      {
        severity: 'error',
        code: 'TRIGGER_MISSING',
        path: ['action'],
        message: `the action "${file.action}" has no default trigger`,
        fix: 'add "trigger": which events it is for',
      },
      base,
    );
  }
  const tree = typeof trigger === 'string' ? parsed(trigger, triggerPath, report) : undefined;
  const ownConsent = typeof file.consent === 'string' ? parsed(file.consent, [...base, 'consent'], report) : undefined;
  const consent = ownConsent ?? destinationConsent;
  const mapping = typeof file.mapping === 'object' && file.mapping !== null ? file.mapping : {};
  const sound = checkFields(mapping, action, [...base, 'mapping'], report);
  if (action === undefined || tree === undefined || trigger === undefined || !sound) return undefined;
  const resolve = compileMapping(mergedMapping(action.definition, mapping));
  const consents = consent === undefined ? undefined : compilePredicate(consent);
  return {
    id,
    name: file.name,
    action,
    trigger,
    candidates: triggerCandidates(tree),
    matches: compilePredicate(tree),
    resolve: (event) => resolve(event) as JsonObject,
    explicitCustomData: explicitCustomData(mapping),
    ...(consents !== undefined && { consents }),
  };
}

function parsed(expression: string, path: readonly (string | number)[], report: Report): TriggerNode | undefined {
  const result = parseTrigger(expression);
  if ('diagnostics' in result) {
    for (const diagnostic of result.diagnostics) report(diagnostic, path);
    return undefined;
  }
  for (const warning of lintTrigger(result.tree)) report(warning, path);
  return result.tree;
}

function checkFields(
  mapping: JsonObject,
  action: Action | undefined,
  base: readonly (string | number)[],
  report: Report,
): boolean {
  const diagnostics = [...checkMapping(mapping), ...lintMapping(mapping)];
  for (const diagnostic of diagnostics) report(diagnostic, base);
  let sound = !diagnostics.some(({ severity }) => severity === 'error');
  if (action === undefined) return sound;
  for (const key of Object.keys(mapping)) {
    if (key.startsWith('@') || Object.hasOwn(action.definition.fields, key)) continue;
    const meant = suggest(key, Object.keys(action.definition.fields));
    const fix = meant === undefined ? 'put it into custom_data, or leave it out' : `did you mean "${meant}"?`;
    report(
      {
        severity: 'error',
        code: 'UNKNOWN_FIELD',
        path: [key],
        atKey: true,
        message: `the action "${action.key}" has no field "${key}"`,
        fix,
      },
      base,
    );
    sound = false;
  }
  if (Object.keys(mapping).some((key) => key.startsWith('@'))) {
    report(
      {
        severity: 'error',
        code: 'MAPPING_NOT_FIELDS',
        path: [],
        message: 'a mapping names fields; a directive belongs inside one of them',
        fix: 'write { "value": { "@path": "$.properties.total" } }',
      },
      base,
    );
    sound = false;
  }
  return sound;
}

function settingsOf(file: DestinationFile, folder: string, environment: Environment): DestinationSettings {
  const { settings } = file;
  const account = settings.ad_account_id;
  return {
    accessToken: secretOf(settings.access_token, folder, environment),
    ...(settings.app_secret !== undefined && { appSecret: secretOf(settings.app_secret, folder, environment) }),
    ...(settings.pixel_id !== undefined && { pixelId: settings.pixel_id }),
    ...(account !== undefined && { adAccountId: account.startsWith('act_') ? account : `act_${account}` }),
    apiVersion: settings.api_version ?? 'v26.0',
    batch: {
      maxEvents: settings.batch?.max_events ?? 1000,
      maxRows: settings.batch?.max_rows ?? 10_000,
      maxBytes: settings.batch?.max_bytes ?? 4 * 1024 * 1024,
      ...(settings.batch?.linger_ms !== undefined && { lingerMillis: settings.batch.linger_ms }),
    },
    ...(settings.test_event_code !== undefined && { testEventCode: settings.test_event_code }),
    ...(settings.partner_agent !== undefined && { partnerAgent: settings.partner_agent }),
    ...(settings.upload_tag !== undefined && { uploadTag: settings.upload_tag }),
    requirements: settings.requirements ?? 'warn',
    ...(settings.default_country !== undefined && { defaultCountry: settings.default_country.toLowerCase() }),
    tooOld: settings.too_old ?? 'dead_letter',
    stripIdentifiers: settings.strip_identifiers ?? true,
    integrationNames: settings.integration_names ?? [],
  };
}
