import type { RecordKind } from '../../core/record-kind.ts';
import type { MappingTest } from '../test/test-file.ts';
import type { Proposal } from './propose.ts';

/** What the files are to say beyond the proposal. */
export interface Choices {
  readonly name: string;
  readonly pixel?: string;
  readonly adAccount?: string;
  readonly brokers: string;
  readonly topics: string;
  /** Path to the schemas of this package from the folder of the mappings, for editors; undefined: there is none that lasts. */
  readonly schemas?: string;
}

/** Stands where an id is to be filled in. */
export const placeholder = '1234567890';

export function mappingText({ settings, subscriptions }: Proposal, choices: Choices): string {
  const { name, pixel = placeholder, adAccount = placeholder, schemas } = choices;
  const known = {
    ...settings,
    ...('pixel_id' in settings && { pixel_id: pixel }),
    ...('ad_account_id' in settings && { ad_account_id: adAccount }),
    access_token: { $env: 'META_ACCESS_TOKEN' },
  };
  const file = { ...schemaOf(schemas, 'destination'), name, settings: known, subscriptions };
  return [
    '// One destination: a pixel (dataset) or an ad account, its token, and what is sent there. After a change:',
    '//   meta-actions validate && meta-actions test',
    jsonText(file),
    '',
  ].join('\n');
}

export function testsText(records: RecordKind, tests: readonly MappingTest[], schemas: string | undefined): string {
  const file = { ...schemaOf(schemas, 'test'), ...(records !== 'events' && { records }), tests };
  return `${jsonText(file)}\n`;
}

function schemaOf(schemas: string | undefined, name: string) {
  return schemas === undefined ? {} : { $schema: `${schemas}/${name}.schema.json` };
}

export function environmentText(records: RecordKind, { brokers, topics }: Choices): string {
  const lines = [
    '# Copy this to .env, fill it in, and load it: set -a; . ./.env; set +a',
    '# Keep .env out of version control: it holds the token.',
    '',
    '# A token that may send to the pixel, and manage the audiences of the ad account, if any (Events Manager > Settings).',
    'META_ACCESS_TOKEN=',
    '',
    `KAFKA_BROKERS=${brokers}`,
    `KAFKA_TOPICS=${topics}`,
    ...(records === 'events' ? [] : ['', '# What the records of the topics are.', `RECORDS=${records}`]),
    '',
    '# To try everything without Meta: meta-actions sandbox',
    '#META_GRAPH_URL=http://127.0.0.1:9465',
  ];
  return `${lines.join('\n')}\n`;
}

const lineWidth = 120;

/** JSON as people write it: on one line what fits there. */
function jsonText(value: unknown, indent = '', before = 0): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const inner = `${indent}  `;
  const isList = Array.isArray(value);
  const members = isList
    ? value.map((each) => ({ key: '', value: each as unknown }))
    : Object.entries(value).map(([key, each]) => ({ key: `${JSON.stringify(key)}: `, value: each as unknown }));
  const flat = members.map((member) => `${member.key}${jsonText(member.value)}`);
  const oneLine = isList ? `[${flat.join(', ')}]` : members.length === 0 ? '{}' : `{ ${flat.join(', ')} }`;
  // A file is a list of things, one below the other.
  const isWhole = indent === '' && before === 0 && members.length > 1;
  if (!isWhole && !oneLine.includes('\n') && indent.length + before + oneLine.length < lineWidth) return oneLine;
  const lines = members.map(({ key, value: each }) => `${inner}${key}${jsonText(each, inner, key.length)}`);
  return isList ? `[\n${lines.join(',\n')}\n${indent}]` : `{\n${lines.join(',\n')}\n${indent}}`;
}
