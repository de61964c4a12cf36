/**
 * Writes the reference pages of the actions from their definitions, each with the exact body of one example.
 *
 *     node scripts/generate-docs.ts
 *
 * A test fails when a page isn't what this would write.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pathsOf, placesOf } from '../src/explain/default-paths.ts';
import { loadDestination } from '../src/config/destination.ts';
import type { Action } from '../src/core/action.ts';
import type { AnalyticsEvent } from '../src/core/event.ts';
import type { FieldDefinition, FieldDefinitions } from '../src/core/field.ts';
import { isObject } from '../src/core/json.ts';
import type { SourceRecord } from '../src/core/record.ts';
import { loadActions } from '../src/kit/load-actions.ts';
import { conversionsRequest } from '../src/meta/conversions-request.ts';
import { prepare } from '../src/pipeline/route/prepare.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const folder = join(root, 'docs', 'reference', 'actions');

/** An example's file: an event and the time at which it is sent. */
interface Example {
  readonly about?: string;
  readonly now: string;
  readonly event: { readonly event?: string };
}

/** The pages by path: one per action and an index. */
export async function actionPages(): Promise<ReadonlyMap<string, string>> {
  const actions = await loadActions(join(root, 'actions'));
  const pages = new Map<string, string>();
  for (const action of actions.values()) pages.set(join(folder, `${action.key}.md`), page(action, actions));
  pages.set(join(folder, 'README.md'), index([...actions.values()]));
  return pages;
}

const generated = '<!-- Written by scripts/generate-docs.ts from the definitions: change those. -->';

function index(actions: readonly Action[]): string {
  const rows = actions.map(
    ({ key, definition }) =>
      `| [\`${key}\`](${key}.md) | ${definition.description} | ${triggerCell(definition.defaultTrigger)} |`,
  );
  const table = ['| action | what it does | default trigger |', '|---|---|---|', ...rows].join('\n');
  return `${generated}\n\n# Actions\n\nWhat a subscription can send.\n\n${table}\n`;
}

function triggerCell(trigger: string | undefined): string {
  return trigger === undefined ? 'none (a subscription must give one)' : `\`${trigger}\``;
}

function page(action: Action, actions: ReadonlyMap<string, Action>): string {
  const { definition, key } = action;
  return [
    generated,
    `# ${definition.title}`,
    definition.description,
    `Key: \`${key}\`. Default trigger: ${triggerCell(definition.defaultTrigger)}.`,
    ...exampleParts(action, actions),
    '## Fields',
    'A subscription maps field by field; a field that it does not map keeps its default. `null`, an empty text and what is missing mean absent.',
    fieldTable(definition.fields),
    '',
  ]
    .join('\n\n')
    .trimEnd()
    .concat('\n');
}

function fieldTable(fields: FieldDefinitions): string {
  const rows = Object.entries(fields).flatMap(([name, field]) => fieldRows(name, field));
  return ['| field | | type | default |', '|---|---|---|---|', ...rows].join('\n');
}

function fieldRows(name: string, field: FieldDefinition): readonly string[] {
  const choices = field.choices === undefined ? '' : ` One of ${field.choices.map(code).join(', ')}.`;
  const text = `**${field.label}.** ${field.description}${choices}`.replaceAll('|', '\\|');
  const type = [field.type, field.multiple && 'list', field.required && 'required'].filter(Boolean).join(', ');
  const members = Object.entries(field.properties ?? {})
    .filter(() => name !== 'custom_data')
    .flatMap(([key, member]) => fieldRows(`${name}.${key}`, { ...member, default: memberDefault(field, key) }));
  const own = field.properties !== undefined && members.length > 0 ? pathless(field.default) : field.default;
  return [`| \`${name}\` | ${text} | ${type} | ${defaultCell(own)} |`, ...members];
}

/** An object's default may be one of a member each: then it is told at the members. */
function memberDefault(field: FieldDefinition, key: string): unknown {
  return isMembers(field.default) ? field.default[key] : undefined;
}

function pathless(value: unknown): unknown {
  return isMembers(value) ? undefined : value;
}

function isMembers(value: unknown): value is Readonly<Record<string, unknown>> {
  return isObject(value) && !Object.keys(value).some((key) => key.startsWith('@'));
}

function defaultCell(value: unknown): string {
  if (value === undefined) return '';
  const paths = pathsOf(value);
  return paths.length === 0 ? code(JSON.stringify(value)) : placesOf(paths, code);
}

function code(text: string | number): string {
  return `\`${text}\``;
}

function exampleParts(action: Action, actions: ReadonlyMap<string, Action>): readonly string[] {
  const file = join(root, 'test', 'examples', `${action.key}.json`);
  if (!existsSync(file)) return [];
  const { about, now, event } = JSON.parse(readFileSync(file, 'utf8')) as Example;
  const body = bodyOf(action, actions, event, Date.parse(now));
  if (body === undefined) return [];
  return [
    '## Example',
    ...(about === undefined ? [] : [about]),
    fenced(event),
    `With the default mapping, at ${now}, Meta gets:`,
    fenced(body),
  ];
}

function fenced(value: unknown): string {
  return `\`\`\`json\n${JSON.stringify(value, null, 2)}\n\`\`\``;
}

/** The body of the request, exactly as it is sent; undefined for an action of audiences. */
function bodyOf(action: Action, actions: ReadonlyMap<string, Action>, event: Example['event'], now: number): unknown {
  const { defaultTrigger } = action.definition;
  const file = {
    name: 'example',
    settings: { pixel_id: '1234567890', ad_account_id: '1234567890', access_token: { $env: 'TOKEN' } },
    subscriptions: [
      {
        name: 'Example',
        action: action.key,
        ...(defaultTrigger === undefined && { trigger: `event = ${JSON.stringify(event.event)}` }),
      },
    ],
  };
  const context = { actions, environment: { TOKEN: 'token' } };
  const { destination, problems } = loadDestination('example.json', JSON.stringify(file), context);
  if (destination === undefined) throw new Error(`${action.key}: ${problems.map(({ message }) => message).join('; ')}`);
  const [subscription] = destination.subscriptions;
  if (subscription === undefined) throw new Error(`${action.key}: no subscription`);
  const value = Buffer.from(JSON.stringify(event));
  const record: SourceRecord = {
    topic: 'events',
    partition: 0,
    offset: 0,
    next: 1,
    timestamp: now,
    key: null,
    value,
    headers: undefined,
  };
  const prepared = prepare(destination, subscription, event as AnalyticsEvent, record, now);
  if (prepared.kind !== 'ready') return undefined;
  return JSON.parse(conversionsRequest(destination.settings, [prepared], {}).body.toString('utf8'));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  mkdirSync(folder, { recursive: true });
  for (const [path, text] of await actionPages()) writeFileSync(path, text);
}
