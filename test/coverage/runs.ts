import { createHash } from 'node:crypto';

type Members = Readonly<Record<string, unknown>>;

/** An event, the mapping that it meets, and what becomes of it: what `meta-actions explain` shows, and what is sent. */
export interface Run {
  /** A file of `mappings/presets`; else `action` with `mapping`. */
  readonly preset?: string;
  readonly action?: string;
  readonly trigger?: string;
  readonly mapping?: Members;
  readonly settings?: Members;
  readonly event: Members;
  /** Parts of the event as Meta gets it. */
  readonly sends?: Members;
  /** The rows of each request: how and of which columns. */
  readonly rows?: readonly (readonly [method: 'POST' | 'DELETE', row: Members])[];
  /** Of the audience's request; `{audience:NAME}` for one that is known by its name. */
  readonly path?: string;
  readonly payload?: Members;
  /** Only where it is sent: the ad account of the audience, its members then, and more of the request's body. */
  readonly account?: string;
  readonly members?: number;
  /** …and its list is sent once more in a session of ours, since Meta's count of a session that was begun elsewhere can't tell. */
  readonly repeated?: true;
  readonly body?: Members;
  readonly skipped?: string;
  readonly rejected?: string;
  readonly warned?: string;
}

const hash = (text: string) => createHash('sha256').update(text).digest('hex');

const context = { ip: '203.0.113.9', userAgent: 'Browser/1.0', page: { url: 'https://shop.example/p' } };
/** When the events happened: Meta takes none that is a week old. */
export const happened = Date.now() - 60_000;
const now = new Date(happened).toISOString();
const track = (event: string, properties: Members = {}, more: Members = {}): Members => ({
  ...{ type: 'track', event, messageId: `m-${event}`, userId: 'u-1', timestamp: now, context, properties },
  ...more,
});
const clicked = `fb.1.${happened - 3_600_000}.abcdef`;
const browser = `fb.1.${happened - 3_600_000}.1098115397`;
const items = { products: [{ product_id: 'p-1', quantity: 2, price: 10 }], currency: 'EUR', total: 20 };
const traits = {
  ...{ email: ' Ann@Shop.Example ', phone: '+44 844 412 4653', firstName: 'Ann', lastName: 'Lind', gender: 'female' },
  ...{
    birthday: '1990-02-01',
    address: { city: 'New York', state: 'New York', postalCode: '94035-1234', country: 'US' },
  },
};
const row = (event: string, properties: Members = {}, more: Members = {}) => ({
  action: 'sync-audience',
  mapping: { audience_id: '120' },
  event: track(event, { email: 'a@shop.example', ...properties }, more),
});
const em = hash('a@shop.example');
const engage = (member: unknown, type: 'identify' | 'track' = 'identify', more: Members = {}): Members => ({
  ...{ type, userId: 'u-1', messageId: 'e-1', timestamp: now },
  ...(type === 'track' ? { event: 'anything at all' } : {}),
  [type === 'track' ? 'properties' : 'traits']: { email: 'a@shop.example', order_completed_last_30days: member },
  context: {
    personas: { computation_key: 'order_completed_last_30days', audience_settings: { advertiserAccountId: '77' } },
  },
  ...more,
});
const list = (properties: Members, mapping: Members = {}) => ({
  action: 'sync-audience-list',
  trigger: 'type = "track"',
  mapping: { audience_id: '120', ...mapping },
  event: track('USER_ADD', properties),
});
const preset = (name: string, event: Members) => ({ preset: name, event });
const cohort = (properties: Members) =>
  preset('audience-cohorts', track('Cohort', { cohort_name: 'Gold', ...properties }));
const one = [{ user_id: 'u-1', user_properties: { email: 'a@shop.example' } }];
const field = (properties: Members, sent: Members): Run => ({
  ...row('new', properties),
  rows: [['POST', { EMAIL: em, ...sent }]],
});

export const runs: Readonly<Record<string, Run>> = {
  purchase: {
    ...preset('web-shop', track('Order Completed', items)),
    sends: { event_name: 'Purchase', custom_data: { value: 20, currency: 'EUR' } },
  },
  checkout: { ...preset('web-shop', track('Checkout Started', items)), sends: { event_name: 'InitiateCheckout' } },
  cart: {
    ...preset('web-shop', track('Product Added', { product_id: 'p-1', price: 5, currency: 'EUR' })),
    sends: { event_name: 'AddToCart' },
  },
  view: {
    ...preset('web-shop', track('Product Viewed', { product_id: 'p-1', price: 5, currency: 'EUR' })),
    sends: { event_name: 'ViewContent' },
  },
  search: {
    ...preset('web-shop', track('Products Searched', { query: 'cup' })),
    sends: { event_name: 'Search', custom_data: { search_string: 'cup' } },
  },
  page: { ...preset('web-shop', { ...track('x'), type: 'page' }), sends: { event_name: 'PageView' } },
  'unmatched event': { ...preset('web-shop', track('Something Else')), skipped: 'trigger' },
  'custom event': {
    action: 'custom-event',
    trigger: 'event = "Signed Up"',
    mapping: { event_name: 'CompleteRegistration', custom_data: { content_name: 'Newsletter' }, currency: 'EUR' },
    event: track('Signed Up'),
    sends: { event_name: 'CompleteRegistration', custom_data: { content_name: 'Newsletter', currency: 'EUR' } },
  },
  'test event code': {
    action: 'purchase',
    settings: { test_event_code: 'TEST1' },
    event: track('Order Completed', items),
    sends: { event_name: 'Purchase' },
    body: { test_event_code: 'TEST1' },
  },
  person: {
    action: 'purchase',
    event: track('Order Completed', items, { traits, context: { ...context, traits } }),
    sends: {
      user_data: {
        ...{ em: [em.length === 64 ? hash('ann@shop.example') : ''], ph: [hash('448444124653')], fn: [hash('ann')] },
        ...{ ln: [hash('lind')], ge: [hash('f')], db: [hash('19900201')], ct: [hash('newyork')], st: [hash('ny')] },
        ...{ zp: [hash('94035')], country: [hash('us')], external_id: [hash('u-1')] },
        ...{ client_ip_address: '203.0.113.9', client_user_agent: 'Browser/1.0' },
      },
    },
  },
  'click ids': {
    action: 'purchase',
    mapping: { fbc: clicked, fbp: browser },
    event: track('Order Completed', items),
    sends: { user_data: { fbc: clicked, fbp: browser } },
  },
  'hashed already': {
    action: 'purchase',
    mapping: { em: hash('ann@shop.example') },
    event: track('Order Completed', items),
    sends: { user_data: { em: [hash('ann@shop.example')] } },
  },
  'external id hashed': {
    action: 'purchase',
    event: track('Order Completed', items),
    sends: { user_data: { external_id: [hash('u-1')] } },
  },
  website: {
    action: 'purchase',
    event: track('Order Completed', items),
    sends: {
      action_source: 'website',
      event_source_url: 'https://shop.example/p',
      user_data: { client_user_agent: 'Browser/1.0' },
    },
  },
  'website without agent': {
    action: 'purchase',
    event: track('Order Completed', items, { context: { page: context.page } }),
    warned: 'USER_AGENT_MISSING',
  },
  'website without address': {
    action: 'purchase',
    mapping: { action_source: 'website' },
    event: track('Order Completed', items, { context: { userAgent: 'B/1', ip: '203.0.113.9' } }),
    warned: 'EVENT_SOURCE_URL_MISSING',
  },
  'other source': {
    action: 'purchase',
    mapping: { action_source: 'physical_store' },
    event: track('Order Completed', items),
    sends: { action_source: 'physical_store' },
  },
  'integrations off': {
    ...preset(
      'web-shop',
      track('Order Completed', items, { integrations: { All: true, 'Facebook Conversions API (Actions)': false } }),
    ),
    skipped: 'integrations',
  },

  'engage enters': {
    ...preset('audience-engage', engage(true)),
    rows: [['POST', { EXTERN_ID: 'u-1', EMAIL: em }]],
    path: '{audience:order_completed_last_30days}',
    account: '77',
    members: 1,
  },
  'engage leaves': { ...preset('audience-engage', engage(false)), rows: [['DELETE', { EXTERN_ID: 'u-1', EMAIL: em }]] },
  'engage by track': {
    ...preset('audience-engage', engage(true, 'track')),
    rows: [['POST', { EXTERN_ID: 'u-1', EMAIL: em }]],
  },
  'computed trait': { ...preset('audience-engage', engage(42)), skipped: 'no_membership' },
  'engage leaves all the same': {
    ...preset(
      'audience-engage',
      engage(false, 'identify', { integrations: { 'Facebook Custom Audiences (Actions)': false } }),
    ),
    rows: [['DELETE', { EXTERN_ID: 'u-1', EMAIL: em }]],
  },
  'engage integrations off': {
    ...preset(
      'audience-engage',
      engage(true, 'identify', { integrations: { 'Facebook Custom Audiences (Actions)': false } }),
    ),
    skipped: 'integrations',
  },
  'alias call': { ...preset('audience-engage', { ...engage(true), type: 'alias' }), skipped: 'trigger' },
  'group call': { ...preset('audience-engage', { ...engage(true), type: 'group' }), skipped: 'trigger' },
  'page call': { ...preset('audience-engage', { ...engage(true), type: 'page' }), skipped: 'trigger' },
  'reverse etl': {
    ...preset('audience-reverse-etl', track('new', { email: 'a@shop.example' })),
    rows: [['POST', { EXTERN_ID: 'u-1', EMAIL: em }]],
    path: '{audience:Warehouse customers}',
    members: 1,
  },
  'another address': {
    ...preset(
      'audience-reverse-etl',
      track('updated', { email: 'b@shop.example', before_email: 'a@shop.example' }, { userId: '' }),
    ),
    rows: [
      ['DELETE', { EMAIL: em }],
      ['POST', { EMAIL: hash('b@shop.example') }],
    ],
  },
  'mapped columns': {
    ...row('new', { mail: 'b@shop.example', crm_id: 'c-7' }),
    mapping: {
      audience_id: '120',
      em: { '@path': '$.properties.mail' },
      external_id: { '@path': '$.properties.crm_id' },
    },
    rows: [['POST', { EXTERN_ID: 'c-7', EMAIL: hash('b@shop.example') }]],
  },
  'row new': { ...row('new'), rows: [['POST', { EXTERN_ID: 'u-1', EMAIL: em }]] },
  'row updated': { ...row('updated'), rows: [['POST', { EXTERN_ID: 'u-1', EMAIL: em }]] },
  'row deleted': { ...row('deleted'), rows: [['DELETE', { EXTERN_ID: 'u-1', EMAIL: em }]] },
  'upsert adds': {
    ...row('updated'),
    mapping: { audience_id: '120', sync_mode: 'upsert' },
    rows: [['POST', { EMAIL: em }]],
  },
  'upsert ignores removals': {
    ...row('deleted'),
    mapping: { audience_id: '120', sync_mode: 'upsert' },
    skipped: 'sync_mode',
  },
  'delete ignores additions': {
    ...row('new'),
    mapping: { audience_id: '120', sync_mode: 'delete' },
    skipped: 'sync_mode',
  },
  'default trigger': {
    action: 'sync-audience',
    mapping: { audience_id: '120' },
    event: engage(true),
    rows: [['POST', { EMAIL: em }]],
  },
  'existing audience': { ...row('new'), path: '/120/users', rows: [['POST', { EMAIL: em }]] },
  'named audience': {
    ...row('new'),
    mapping: { audience_name: 'Gold' },
    settings: { ad_account_id: '78' },
    path: '{audience:Gold}',
    account: '78',
    rows: [['POST', { EMAIL: em }]],
  },
  'account of the audience': {
    ...preset('audience-engage', engage(true)),
    path: '{audience:order_completed_last_30days}',
    account: '77',
    rows: [['POST', { EMAIL: em }]],
  },
  email: { ...row('new', { email: '  Foo@BAR.com ' }), rows: [['POST', { EMAIL: hash('foo@bar.com') }]] },
  'phone with dashes': field({ phone: '1-234-567-8910' }, { PHONE: hash('12345678910') }),
  'phone with spaces': field({ phone: '+44 844 412 4653' }, { PHONE: hash('448444124653') }),
  'birth date': field({ birthday: '1990-02-01' }, { DOBY: hash('1990'), DOBM: hash('02'), DOBD: hash('01') }),
  'birth object': field(
    { birthday: { year: '1990', month: '02', day: '01' } },
    { DOBY: hash('1990'), DOBM: hash('02'), DOBD: hash('01') },
  ),
  names: field({ firstName: ' Ann ', lastName: "O'Neil" }, { FN: hash('ann'), LN: hash('oneil') }),
  initial: { ...row('new'), mapping: { audience_id: '120', fi: 'A' }, rows: [['POST', { EMAIL: em, FI: hash('a') }]] },
  gender: field({ gender: 'F' }, { GEN: hash('f') }),
  city: field({ city: 'New York' }, { CT: hash('newyork') }),
  state: field({ state: 'NY', country: 'US' }, { ST: hash('ny') }),
  'zip of the US': field({ zip: '94035-1234', country: 'US' }, { ZIP: hash('94035') }),
  country: field({ country: 'United States' }, { COUNTRY: hash('us') }),
  madid: {
    ...row('new'),
    mapping: { audience_id: '120', madid: 'AB1234CD-E123-12FG-J123' },
    rows: [['POST', { EMAIL: em, MADID: 'ab1234cd-e123-12fg-j123' }]],
  },
  'app id': {
    ...row('new', { email: '' }, { userId: '' }),
    mapping: { audience_id: '120', app_user_id: '1001', app_ids: ['55'] },
    rows: [['POST', { APPUID: '1001' }]],
  },
  'page id': {
    ...row('new', { email: '' }, { userId: '' }),
    mapping: { audience_id: '120', page_scoped_user_id: '9', page_ids: ['7'] },
    rows: [['POST', { PAGEUID: '9' }]],
  },
  instagram: {
    ...row('new'),
    mapping: { audience_id: '120', ig_account_ids: ['31'] },
    rows: [['POST', { EMAIL: em }]],
    payload: { ig_account_ids: ['31'] },
  },
  'hash in audiences': { ...row('new', { email: em }), rows: [['POST', { EMAIL: em }]] },
  'external id as given': { ...row('new'), rows: [['POST', { EXTERN_ID: 'u-1' }]] },
  'external id hashed in audiences': {
    ...row('new'),
    settings: { hash_external_id: true },
    rows: [['POST', { EXTERN_ID: hash('u-1') }]],
  },
  'external id required': {
    ...row('new', {}, { userId: '' }),
    settings: { require_external_id: true },
    rejected: 'EXTERNAL_ID_MISSING',
  },
  'empty fields': { ...row('new', { phone: '', city: '', gender: '' }), rows: [['POST', { EMAIL: em }]] },
  'a filler': { ...row('new', { phone: '-', city: '/' }), rows: [['POST', { EMAIL: em }]], warned: 'IDENTIFIER_JUNK' },
  value: {
    ...row('new'),
    mapping: { audience_id: '120', value: 12.5 },
    rows: [['POST', { EMAIL: em, LOOKALIKE_VALUE: 12.5 }]],
  },

  'list adds': {
    ...list({ userListAdd: [{ EMAIL: 'a@shop.example', FN: 'Ann' }] }),
    rows: [['POST', { EMAIL: em, FN: hash('ann') }]],
    members: 1,
    body: { session: { batch_seq: 1, last_batch_flag: true } },
  },
  'list preset': {
    ...preset(
      'audience-rudderstack-lists',
      track('USER_ADD', { userListAdd: [{ EMAIL: 'a@shop.example', CT: 'Lund' }] }),
    ),
    path: '/120200000000000001/users',
    rows: [['POST', { EMAIL: em }]],
  },
  'every column': {
    ...list({
      userListAdd: [
        {
          ...{ EXTERN_ID: 'u-1', EMAIL: 'a@shop.example', PHONE: '+448444124653', GEN: 'F', DOBY: 1990, DOBM: 2 },
          ...{ DOBD: '1', FN: 'Ann', LN: 'Lind', FI: 'A', CT: 'Lund', ST: 'Skane', ZIP: '222 22', COUNTRY: 'SE' },
          MADID: '8C2B6A9E-5F0D-4B7A-9C1E-0A1B2C3D4E5F',
        },
      ],
    }),
    rows: [
      [
        'POST',
        {
          ...{ EXTERN_ID: 'u-1', EMAIL: em, PHONE: hash('448444124653'), GEN: hash('f'), DOBY: hash('1990') },
          ...{ DOBM: hash('02'), DOBD: hash('01'), FN: hash('ann'), LN: hash('lind'), FI: hash('a') },
          ...{ CT: hash('lund'), ST: hash('skane'), ZIP: hash('22222'), COUNTRY: hash('se') },
          MADID: '8c2b6a9e-5f0d-4b7a-9c1e-0a1b2c3d4e5f',
        },
      ],
    ],
  },
  'list removes': { ...list({ userListDelete: [{ Email: 'a@shop.example' }] }), rows: [['DELETE', { EMAIL: em }]] },
  'list both': {
    ...list({ userListAdd: [{ EMAIL: 'b@shop.example' }], userListDelete: [{ EMAIL: 'a@shop.example' }] }),
    rows: [
      ['DELETE', { EMAIL: em }],
      ['POST', { EMAIL: hash('b@shop.example') }],
    ],
  },
  'schema fields': {
    ...list(
      { userListAdd: [{ EMAIL: 'a@shop.example', FN: 'Ann', CITY: 'Lund' }] },
      { schema_fields: ['EMAIL', 'FN'] },
    ),
    rows: [['POST', { EMAIL: em, FN: hash('ann') }]],
  },
  'event to audience': {
    ...list({ userListAdd: [{ EMAIL: 'a@shop.example' }] }, { audience_id: undefined, audiences: { USER_ADD: '120' } }),
    path: '/120/users',
    rows: [['POST', { EMAIL: em }]],
  },
  'event to several audiences': {
    ...list(
      { userListAdd: [{ EMAIL: 'a@shop.example' }] },
      { audience_id: undefined, audiences: { USER_ADD: ['120', '121'] } },
    ),
    rows: [
      ['POST', { EMAIL: em }],
      ['POST', { EMAIL: em }],
    ],
    members: 1,
  },
  'event not mapped': {
    ...list({ userListAdd: [{ EMAIL: 'a@shop.example' }] }, { audience_id: undefined, audiences: { OTHER: '120' } }),
    skipped: 'event_not_mapped',
  },
  'identify with lists': { ...list({}), event: { type: 'identify', userId: 'u-1', traits: {} }, skipped: 'trigger' },
  'hashing off': { ...list({ userListAdd: [{ EMAIL: em }] }, { hash: false }), rows: [['POST', { EMAIL: em }]] },
  'hashing off, plain': {
    ...list({ userListAdd: [{ EMAIL: 'a@shop.example' }] }, { hash: false }),
    rejected: 'ENTRIES_REJECTED',
  },
  'formatting off': {
    ...list({ userListAdd: [{ EMAIL: 'A@shop.example' }] }, { format: false }),
    rows: [['POST', { EMAIL: hash('A@shop.example') }]],
  },
  'many users': {
    ...list({ userListAdd: Array.from({ length: 1_200 }, (_, at) => ({ EXTERN_ID: `u-${at}` })) }),
    rows: [['POST', { EXTERN_ID: 'u-0' }]],
    members: 1_200,
  },
  sessions: {
    ...list({
      sessionIdAdd: 123,
      sessionIdDelete: 456,
      batchSequence: 10,
      lastBatchFlag: true,
      userListAdd: [{ EMAIL: 'a@shop.example' }],
    }),
    rows: [['POST', { EMAIL: em }]],
    body: { session: { session_id: 123, batch_seq: 10, last_batch_flag: true } },
    repeated: true,
  },
  'session of removals': {
    ...list({ sessionIdDelete: 456, batchSequence: 1, userListDelete: [{ EMAIL: 'a@shop.example' }] }),
    rows: [['DELETE', { EMAIL: em }]],
    body: { session: { session_id: 456, batch_seq: 1 } },
  },
  'one session for both': {
    ...list({ sessionIdAdd: 5, sessionIdDelete: 5, userListAdd: [{ EMAIL: 'a@shop.example' }] }),
    rejected: 'SESSION_REUSED',
  },
  'session beyond int64': {
    ...list({ sessionIdAdd: '9223372036854775808', userListAdd: [{ EMAIL: 'a@shop.example' }] }),
    rejected: 'SESSION_INVALID',
  },

  'cohort adds': {
    ...cohort({ operation: 'add', users: one }),
    rows: [['POST', { EXTERN_ID: 'u-1', EMAIL: em }]],
    path: '{audience:Gold}',
  },
  'cohort removes': {
    ...cohort({ operation: 'remove', users: one }),
    rows: [['DELETE', { EXTERN_ID: 'u-1', EMAIL: em }]],
  },
  'cohort empty': { ...cohort({ operation: 'add', users: [] }), skipped: 'empty_list' },
  'cohort device': {
    ...cohort({ operation: 'add', users: [{ device_id: '8c2b6a9e-5f0d-4b7a-9c1e-0a1b2c3d4e5f' }] }),
    rows: [['POST', { MADID: '8c2b6a9e-5f0d-4b7a-9c1e-0a1b2c3d4e5f' }]],
  },
  'cohort country alone': { ...cohort({ operation: 'add', users: [{ country: 'SE' }] }), rejected: 'ENTRIES_REJECTED' },
  'cohort country beside': {
    ...cohort({ operation: 'add', users: [{ user_id: 'u-1', country: 'SE' }] }),
    rows: [['POST', { EXTERN_ID: 'u-1', COUNTRY: hash('se') }]],
  },
  'cohort hashed': { ...cohort({ operation: 'add', users: [{ email: em }] }), rows: [['POST', { EMAIL: em }]] },
  'cohort boolean': { ...cohort({ in_cohort: true, users: one }), rows: [['POST', { EXTERN_ID: 'u-1' }]] },
  'cohort unread': {
    ...cohort({ operation: 'add', users: [{ user_id: 'u-1', shoe_size: 42 }] }),
    rows: [['POST', { EXTERN_ID: 'u-1' }]],
    warned: 'MEMBERS_LEFT_OUT',
  },
};
