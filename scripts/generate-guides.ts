/**
 * Writes docs/guides/destination-settings.md from the schema of destination files, and the table of docs/guides/api.md
 * from the description of the API.
 *
 *     node scripts/generate-guides.ts
 *
 * A test fails when they aren't what this would write.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { destinationSchema } from '../src/config/destination-schema.ts';
import { destinationExamples, type SettingExample, settingExamples, subscriptionExamples } from './setting-examples.ts';

const root = join(import.meta.dirname, '..');
const begin = '<!-- operations: written by scripts/generate-guides.ts from schema/openapi.json -->';
const end = '<!-- end of the operations -->';

interface Schema {
  readonly type?: unknown;
  readonly description?: string | undefined;
  readonly properties?: Readonly<Record<string, Schema | undefined>> | undefined;
  readonly oneOf?: readonly Schema[] | undefined;
}

/** What is to be in each page. */
export function guidePages(): ReadonlyMap<string, string> {
  const api = join(root, 'docs', 'guides', 'api.md');
  const text = readFileSync(api, 'utf8');
  const [before = '', after = ''] = [text.split(begin)[0], text.split(end)[1]];
  return new Map([
    [join(root, 'docs', 'guides', 'destination-settings.md'), settingsPage()],
    [api, `${before}${begin}\n\n${operationsTable()}\n\n${end}${after}`],
  ]);
}

function settingsPage(): string {
  const { settings, subscriptions, $schema: _, ...destination } = destinationSchema.properties;
  return [
    '<!-- Written by scripts/generate-guides.ts from the schema: change that, or scripts/setting-examples.ts. -->',
    '# Settings of a destination',
    'A destination file holds one dataset or ad account, its token, and what is sent there: `name`, `settings` and `subscriptions`. Comments are allowed. `"$schema": "…/schema/destination.schema.json"` lets an editor complete and check it; `meta-actions validate` says of every mistake where it is and what to do. Of each setting: what it does, when you want it, and an example. Those without a default are absent unless you give them. Kafka, registry, proxies and limits of the process are [environment variables](../reference/commands.md#run).',
    '## The destination',
    ...sections(destination, destinationExamples),
    '## `settings`',
    ...sections(settings.properties, settingExamples),
    '## Each of `subscriptions`',
    'In the order of the file; an event may meet several.',
    ...sections(subscriptions.items.properties, subscriptionExamples),
  ]
    .join('\n\n')
    .concat('\n');
}

function sections(
  properties: Readonly<Record<string, Schema>>,
  examples: Readonly<Record<string, SettingExample>>,
): readonly string[] {
  return Object.entries(properties).flatMap(([name, schema]) => {
    const { when, example } = examples[name] ?? { when: '', example: undefined };
    return [
      `### \`${name}\``,
      ...(schema.description === undefined ? [] : [schema.description]),
      ...membersTable(schema),
      `Set it when ${when}.`.replace('when always', 'always'),
      `\`\`\`json setting\n${oneLine({ [name]: example })}\n\`\`\``,
    ];
  });
}

function oneLine(value: unknown): string {
  return JSON.stringify(value, undefined, 1).replaceAll(/\n\s*/g, ' ');
}

/** A row for each member of a setting that is an object, but for the two ways of naming a secret. */
function membersTable({ properties, oneOf = [] }: Schema): readonly string[] {
  const members = { ...properties, ...oneOf.find((each) => each.properties?.['share'] !== undefined)?.properties };
  const rows = Object.entries(members).flatMap(([name, member]) =>
    member?.description === undefined ? [] : [`| \`${name}\` | ${member.description} |`],
  );
  if (rows.length === 0) return [];
  return [['| member | |', '|---|---|', ...rows].join('\n')];
}

interface Operation {
  readonly summary: string;
}

function operationsTable(): string {
  const document: { readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>> } = JSON.parse(
    readFileSync(join(root, 'schema', 'openapi.json'), 'utf8'),
  );
  const rows = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(
      ([method, { summary }]) => `| \`${method.toUpperCase()}\` | \`${path}\` | ${summary} |`,
    ),
  );
  return ['| | | |', '|---|---|---|', ...rows].join('\n');
}

if (import.meta.main) for (const [path, text] of guidePages()) writeFileSync(path, text);
