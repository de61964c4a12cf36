import { isObject, type JsonObject } from '../core/json.ts';
import { directives } from '../mapping/directives.ts';
import { destinationSchema } from './destination-schema.ts';

/** What an editor is to know of an action. */
export interface ActionSchema {
  readonly key: string;
  readonly description: string;
  /** A subscription must give its own trigger. */
  readonly needsTrigger: boolean;
  /** JSON Schema of an object of the action's fields, with titles and descriptions. */
  readonly fields: JsonObject;
}

const reference = (name: string): JsonObject => ({ $ref: `#/$defs/${name}` });

/**
 * JSON Schema (draft 7) of a destination file, by which an editor completes and checks it: the settings, the actions,
 * the fields of each subscription's action, the directives and their arguments. Stricter than the connector in one
 * way: a literal has the type of its field, also where the connector would read it (`"12.5"` for a number).
 */
export function editorSchema(actions: readonly ActionSchema[]): JsonObject {
  const { subscriptions, ...properties } = destinationSchema.properties;
  const { items, ...list } = subscriptions;
  const fields = sharedFields(actions);
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Destination of meta-actions',
    description: 'One pixel or ad account, its token, and what is sent there.',
    ...destinationSchema,
    properties: {
      ...properties,
      subscriptions: {
        ...list,
        description: 'What is sent, in this order.',
        items: {
          ...items,
          properties: { ...items.properties, action: actionProperty(items.properties.action.description, actions) },
          allOf: [...mappingRules(actions, fields), ...triggerRule(actions)],
        },
      },
    },
    $defs: {
      mapping: anyMapping,
      directive: directiveSchema,
      field: Object.fromEntries(fields.definitions),
    },
  };
}

function actionProperty(description: string, actions: readonly ActionSchema[]): JsonObject {
  const choices = actions.map((action) => `${action.key}: ${action.description}`);
  return { type: 'string', enum: actions.map(({ key }) => key), description: [description, ...choices].join('\n') };
}

/** The fields that a mapping may have follow from the action beside it; many actions have the same. */
function mappingRules(actions: readonly ActionSchema[], fields: SharedFields): readonly JsonObject[] {
  const groups = Map.groupBy(actions, ({ key }) => JSON.stringify(fields.propertiesOf.get(key)));
  return [...groups.values()].map((group) => {
    const properties = fields.propertiesOf.get(group[0]?.key ?? '') ?? {};
    const mapping = { type: 'object', properties, additionalProperties: false };
    return whenAction(group, { properties: { mapping } });
  });
}

function triggerRule(actions: readonly ActionSchema[]): readonly JsonObject[] {
  const needing = actions.filter(({ needsTrigger }) => needsTrigger);
  return needing.length === 0 ? [] : [whenAction(needing, { required: ['trigger'] })];
}

function whenAction(actions: readonly ActionSchema[], rule: JsonObject): JsonObject {
  const action = { enum: actions.map(({ key }) => key) };
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema; nothing awaits it.
  return { if: { type: 'object', properties: { action }, required: ['action'] }, then: rule };
}

interface SharedFields {
  /** By a name of their own: most actions have most fields in common. */
  readonly definitions: ReadonlyMap<string, JsonObject>;
  /** For each action, references to them by field. */
  readonly propertiesOf: ReadonlyMap<string, JsonObject>;
}

function sharedFields(actions: readonly ActionSchema[]): SharedFields {
  const definitions = new Map<string, JsonObject>();
  const nameOfText = new Map<string, string>();
  const propertiesOf = new Map<string, JsonObject>();
  for (const { key, fields } of actions) {
    const references = Object.entries(propertiesIn(fields)).map(([field, schema]) => {
      const definition = mapped(schema);
      const text = `${field} ${JSON.stringify(definition)}`;
      const name = nameOfText.get(text) ?? (definitions.has(field) ? `${key}.${field}` : field);
      nameOfText.set(text, name);
      definitions.set(name, definition);
      return [field, reference(`field/${name}`)];
    });
    propertiesOf.set(key, Object.fromEntries(references));
  }
  return { definitions, propertiesOf };
}

function propertiesIn(schema: JsonObject): Readonly<Record<string, JsonObject>> {
  return isObject(schema['properties']) ? (schema['properties'] as Record<string, JsonObject>) : {};
}

/** What may be mapped where a value of this schema is wanted: such a value, a directive that gives it, or nothing. */
function mapped(schema: JsonObject): JsonObject {
  const { title, description, ...value } = schema;
  const about = { ...(title !== undefined && { title }), ...(description !== undefined && { description }) };
  return { ...about, anyOf: [...alternatives(value), reference('directive'), { type: 'null' }] };
}

/** The value itself, in which directives may stand wherever a value may. */
function alternatives(value: JsonObject): readonly JsonObject[] {
  if (Array.isArray(value['anyOf'])) return (value['anyOf'] as readonly JsonObject[]).flatMap(alternatives);
  if (value['type'] === 'array' && isObject(value['items'])) return [{ ...value, items: mapped(value['items']) }];
  if (value['type'] !== 'object') return Object.keys(value).length === 0 ? [reference('mapping')] : [value];
  const members = Object.entries(propertiesIn(value)).map(([key, member]) => [key, mapped(member)]);
  const isOpen = value['additionalProperties'] !== false;
  return [
    {
      ...value,
      properties: Object.fromEntries(members),
      propertyNames: noDirective,
      additionalProperties: isOpen ? reference('mapping') : false,
    },
  ];
}

const noDirective: JsonObject = { not: { pattern: '^@' } };

/** A raw value, in which directives may stand at any depth. */
const anyMapping: JsonObject = {
  anyOf: [
    reference('directive'),
    { type: 'object', propertyNames: noDirective, additionalProperties: reference('mapping') },
    { type: 'array', items: reference('mapping') },
    { type: ['string', 'number', 'boolean', 'null'] },
  ],
};

/** An object with one member that begins with `@`. */
const directiveSchema: JsonObject = {
  type: 'object',
  properties: {
    ...Object.fromEntries(
      directives.map(({ name, description, argument }) => [name, { description, allOf: [argument] }]),
    ),
    _metadata: { description: 'Notes of the editor that wrote the mapping; not read.' },
  },
  additionalProperties: false,
  oneOf: directives.map(({ name }) => ({ required: [name] })),
};
