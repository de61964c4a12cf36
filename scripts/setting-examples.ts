/** For the guide to the settings of a destination: when somebody sets it, and an example of each, by the name in the file. */
export interface SettingExample {
  /** Completes "Set it when": who needs it. */
  readonly when: string;
  readonly example: unknown;
}

const token = { $file: '/run/secrets/meta-token' };

export const destinationExamples: Readonly<Record<string, SettingExample>> = {
  name: { when: 'always; choose it once, since queues, metrics and dead letters go by it', example: 'web-shop' },
  enabled: { when: 'a destination is to stay in the folder and send nothing', example: false },
  topics: { when: 'several topics are read, and this destination wants some of them', example: ['orders', '/^web-/'] },
};

export const settingExamples: Readonly<Record<string, SettingExample>> = {
  pixel_id: { when: 'conversions are sent', example: '1234567890' },
  ad_account_id: { when: 'audiences are found by their names, created, or replaced', example: '9876543210' },
  access_token: { when: 'always; a file may change while the connector runs', example: token },
  app_secret: { when: "the app asks for a proof of the app's secret", example: { $env: 'META_APP_SECRET' } },
  api_version: { when: 'you want to move to a version at a time of your own', example: 'v27.0' },
  batch: {
    when: 'you would rather have events sooner (smaller lingers) or fewer requests (larger ones)',
    example: { max_events: 500, max_rows: 5000, max_bytes: 2_000_000, linger_ms: 250, idle_linger_ms: 5 },
  },
  test_event_code: { when: 'everything is a test, in a destination of its own', example: 'TEST12345' },
  partner_agent: { when: 'you want to find your own traffic in what Meta reports', example: 'shop-connector' },
  upload_tag: { when: 'sales of stores are to be told apart in Events Manager', example: 'stores 2026' },
  requirements: {
    when: "you would rather lose an event than send one that Meta can't make much of",
    example: 'enforce',
  },
  default_country: { when: 'phone numbers have no country code', example: 'GB' },
  date_order: { when: 'birthdays are written day first', example: 'dmy' },
  hash_external_id: {
    when: 'an audience was filled by a product that hashes external ids, as Segment does',
    example: true,
  },
  require_external_id: { when: 'every person of your audiences must be removable by one id', example: true },
  identifying: { when: 'your events know people by their names and addresses only', example: 'meta' },
  identity: {
    when: 'nobody can be in an audience any more by what older rules made of an identifier',
    example: { removal_versions: [2] },
  },
  too_old: { when: 'old events come every day and nobody will look at their dead letters', example: 'drop' },
  strip_identifiers: { when: 'no event can hold anything of a person where it does not belong', example: false },
  integration_names: {
    when: 'events switch destinations on and off by the names of the product that you come from',
    example: ['Facebook Conversions API (Actions)'],
  },
  on_blocked: { when: 'other destinations of the process must not wait for this one', example: 'park' },
  on_blocked_after_minutes: { when: '`on_blocked` is `dead_letter`', example: 30 },
  fuse: { when: 'rejections come in waves that you expect', example: { share: 0.8, minimum: 500 } },
  max_rejected_per_batch: { when: 'the first bad row is reason enough to stop', example: 0 },
  consent: {
    when: 'events say what their people agreed to',
    example: "'Advertising' in context.consent.granted",
  },
};

export const subscriptionExamples: Readonly<Record<string, SettingExample>> = {
  id: { when: 'the name is to change and old dead letters must still find it', example: 'orders' },
  name: { when: 'always', example: 'Orders' },
  action: { when: 'always; `meta-actions actions` lists them', example: 'purchase' },
  enabled: { when: 'it is to stay in the file and send nothing', example: false },
  topics: { when: 'it wants some of the topics of its destination', example: ['orders'] },
  trigger: { when: "the action's own trigger isn't what you mean", example: "type = 'track' and event = 'Order Paid'" },
  consent: { when: 'it has another condition than its destination', example: 'context.consent.ads = true' },
  mapping: {
    when: 'a field is elsewhere in your events than where the action looks for it',
    example: { value: { '@path': '$.properties.grand_total' } },
  },
  in_the_clear: {
    when: 'something that looks like an identifier is none, or must be the same in the pixel',
    example: ['external_id', 'custom_data.user_id'],
  },
};
