import { newestApiVersion } from '../core/api-versions.ts';

/**
 * JSON Schema of a destination file, apart from what depends on the actions: mappings are checked by the mapping
 * language. The editor's schema is made of this one.
 */

const secret = {
  description: 'A secret, by reference: an environment variable, or a file relative to this one.',
  type: 'object',
  oneOf: [
    {
      properties: {
        $env: {
          type: 'string',
          // A name, so that a token that was written in its place is told from one.
          pattern: '^(?!__proto__$|EAA[A-Za-z0-9]{16})[A-Za-z_][A-Za-z0-9_]{0,99}$',
          description: 'Name of an environment variable.',
        },
      },
      required: ['$env'],
      additionalProperties: false,
    },
    {
      properties: {
        $file: {
          type: 'string',
          minLength: 1,
          pattern: '^(?!EAA[A-Za-z0-9]{16})',
          description: 'Path of a file that holds the secret.',
        },
      },
      required: ['$file'],
      additionalProperties: false,
    },
  ],
};

const batch = {
  description: 'How many deliveries share a request.',
  type: 'object',
  additionalProperties: false,
  properties: {
    max_events: { type: 'integer', minimum: 1, maximum: 1000, description: 'Conversions in a request. Default 1000.' },
    max_rows: {
      type: 'integer',
      minimum: 1,
      maximum: 10_000,
      description: 'Audience rows in a request. Default 10000.',
    },
    max_bytes: {
      type: 'integer',
      minimum: 10_000,
      maximum: 64_000_000,
      description: 'Bytes in a request. Default 4194304.',
    },
    linger_ms: {
      type: 'integer',
      minimum: 0,
      maximum: 60_000,
      description: 'How long a batch waits for company at most. Default 500 for conversions, 2000 for audiences.',
    },
    idle_linger_ms: {
      type: 'integer',
      minimum: 0,
      maximum: 60_000,
      description:
        'The same for conversions that find their pixel idle: no request under way, and none begun within linger_ms. Default 10; as large as linger_ms: they wait like all others.',
    },
  },
};

const settings = {
  type: 'object',
  additionalProperties: false,
  required: ['access_token'],
  properties: {
    pixel_id: {
      type: 'string',
      pattern: '^[0-9]+$',
      description: 'Pixel (dataset) that conversions go to, in quotes.',
    },
    ad_account_id: {
      type: 'string',
      pattern: '^(act_)?[0-9]+$',
      description: 'Ad account of audiences, with or without act_.',
    },
    access_token: secret,
    app_secret: secret,
    api_version: {
      type: 'string',
      pattern: '^v[0-9]+\\.[0-9]+$',
      description: `Graph API version. Default ${newestApiVersion}.`,
    },
    batch,
    test_event_code: {
      type: 'string',
      minLength: 1,
      description: 'Marks every event as a test in Events Manager. Remove it in production.',
    },
    partner_agent: {
      type: 'string',
      minLength: 2,
      maxLength: 22,
      pattern: '[A-Za-z].*[A-Za-z]',
      description:
        'Name of the sending software, below 23 characters with at least two letters (Meta: end-to-end implementation).',
    },
    upload_tag: { type: 'string', minLength: 1, description: 'Tag of offline uploads.' },
    requirements: {
      enum: ['enforce', 'warn'],
      description:
        'Events that Meta accepts but advises against: reject them, or send them with a warning. Default warn.',
    },
    default_country: {
      type: 'string',
      pattern: '^[A-Za-z]{2}$',
      description: 'ISO 3166-1 alpha-2 country of phone numbers without a country code.',
    },
    date_order: {
      enum: ['mdy', 'dmy'],
      description: 'How a birthday such as 3.12.1990 is read: mdy, the default, as March 12th; dmy as December 3rd.',
    },
    hash_external_id: {
      type: 'boolean',
      description:
        'External ids are hashed in audiences too. Default false: sent as given, unless they are e-mail addresses or phone numbers. A change orphans those who are in: they are removed by what was added.',
    },
    require_external_id: {
      type: 'boolean',
      description: 'Changes of audiences without an external id become dead letters. Default false.',
    },
    identifying: {
      enum: ['strict', 'meta'],
      description:
        'What is enough to tell who a person of an audience is. strict, the default: an id, e-mail, phone or advertising id. meta: also first and last name with zip, country or birthday.',
    },
    identity: {
      type: 'object',
      additionalProperties: false,
      properties: {
        removal_versions: {
          type: 'array',
          items: { type: 'integer', minimum: 1 },
          description:
            'Versions of the identity rules that removals from audiences are hashed by. Default: all; what version 1 sent in the clear is repeated only where it is named here.',
        },
      },
    },
    too_old: {
      enum: ['dead_letter', 'drop'],
      description: 'What happens to events that Meta would refuse for their age. Default dead_letter.',
    },
    strip_identifiers: {
      type: 'boolean',
      description: 'Take what may identify a person out of everything that is not hashed. Default true.',
    },
    integration_names: {
      type: 'array',
      items: { type: 'string', minLength: 1 },
      description: 'Names by which the integrations object of an event means this destination, besides its own.',
    },
    on_blocked: {
      enum: ['hold', 'park', 'dead_letter'],
      description:
        'When this destination is blocked and as much is in flight as may be: every destination waits; or what this one holds is parked in a topic of its own and delivered, in order, once it is fixed (Kafka only); or it becomes dead letters. Default hold.',
    },
    on_blocked_after_minutes: {
      type: 'number',
      minimum: 0,
      maximum: 10_080,
      description: 'With on_blocked dead_letter: how long it must have been blocked. Default 60.',
    },
    fuse: {
      description:
        'A subscription waits for a person when so many of its last 1,000 outcomes are rejections: at least this share and this number. Default 0.5 and 200; false: never.',
      oneOf: [
        { const: false },
        {
          type: 'object',
          additionalProperties: false,
          properties: {
            share: { type: 'number', exclusiveMinimum: 0, maximum: 1 },
            minimum: { type: 'integer', minimum: 1, maximum: 1000 },
          },
        },
      ],
    },
    max_rejected_per_batch: {
      type: 'integer',
      maximum: 10_000,
      description:
        'More rejected events or rows of one batch, by us or by Meta, stop the destination; 0: the first; negative, the default: never.',
    },
    consent: {
      type: 'string',
      minLength: 1,
      description: 'A trigger expression that an event must satisfy before it is used.',
    },
  },
};

const topics = {
  type: 'array',
  minItems: 1,
  items: { type: 'string', minLength: 1 },
};

const subscription = {
  type: 'object',
  additionalProperties: false,
  required: ['name', 'action'],
  properties: {
    id: { type: 'string', minLength: 1, description: 'Stable id that dead letters refer to. Default: the name.' },
    name: { type: 'string', minLength: 1, description: 'Shown in metrics, explain and dead letters.' },
    action: { type: 'string', minLength: 1, description: 'What is sent.' },
    enabled: { type: 'boolean', description: 'false switches the subscription off. Default true.' },
    topics: {
      ...topics,
      description:
        "Only for events of these topics, by name or /pattern/ (anywhere in the name, unless ^ and $ say where), among those of the destination. Default: the destination's.",
    },
    trigger: { type: 'string', minLength: 1, description: "Which events. Default: the action's." },
    consent: { type: 'string', minLength: 1, description: "In place of the destination's consent." },
    mapping: { type: 'object', description: 'Field by field; fields that are not named keep their default.' },
    in_the_clear: {
      type: 'array',
      items: { type: 'string', minLength: 1 },
      description:
        'Fields, and members of objects such as custom_data.user_id, that are sent as they are although they may identify a person: external_id without hashing, the others without anything taken out.',
    },
  },
};

export const destinationSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['name', 'settings', 'subscriptions'],
  properties: {
    $schema: { type: 'string' },
    name: {
      type: 'string',
      pattern: '^[A-Za-z0-9][A-Za-z0-9 ._-]*$',
      description: 'Name of the destination: in metrics, dead letters and the integrations object.',
    },
    enabled: {
      type: 'boolean',
      description: 'false switches the destination off. It is checked all the same. Default true.',
    },
    topics: {
      ...topics,
      description:
        'Only for events of these topics, by name or /pattern/ (anywhere in the name, unless ^ and $ say where). Default: of all.',
    },
    settings,
    subscriptions: { type: 'array', minItems: 1, items: subscription },
  },
} as const;

/** The checked JSON of a destination file. */
export interface DestinationFile {
  readonly name: string;
  readonly enabled?: boolean;
  readonly topics?: readonly string[];
  readonly settings: {
    readonly pixel_id?: string;
    readonly ad_account_id?: string;
    readonly access_token: { readonly $env: string } | { readonly $file: string };
    readonly app_secret?: { readonly $env: string } | { readonly $file: string };
    readonly api_version?: string;
    readonly batch?: {
      readonly max_events?: number;
      readonly max_rows?: number;
      readonly max_bytes?: number;
      readonly linger_ms?: number;
      readonly idle_linger_ms?: number;
    };
    readonly test_event_code?: string;
    readonly partner_agent?: string;
    readonly upload_tag?: string;
    readonly requirements?: 'enforce' | 'warn';
    readonly date_order?: 'mdy' | 'dmy';
    readonly default_country?: string;
    readonly hash_external_id?: boolean;
    readonly require_external_id?: boolean;
    readonly identifying?: 'strict' | 'meta';
    readonly identity?: { readonly removal_versions?: readonly number[] };
    readonly too_old?: 'dead_letter' | 'drop';
    readonly strip_identifiers?: boolean;
    readonly integration_names?: readonly string[];
    readonly on_blocked?: 'hold' | 'park' | 'dead_letter';
    readonly on_blocked_after_minutes?: number;
    readonly fuse?: false | { readonly share?: number; readonly minimum?: number };
    readonly max_rejected_per_batch?: number;
    readonly consent?: string;
  };
  readonly subscriptions: readonly SubscriptionFile[];
}

export interface SubscriptionFile {
  readonly id?: string;
  readonly name: string;
  readonly action: string;
  readonly enabled?: boolean;
  readonly topics?: readonly string[];
  readonly trigger?: string;
  readonly consent?: string;
  readonly mapping?: Readonly<Record<string, unknown>>;
  readonly in_the_clear?: readonly string[];
}
