import { not, type Product, run, scene } from './statement.ts';

const screen = not('A screen of theirs; here it is a file that `validate` checks.');
const metaSide = not('Done at Meta; docs/guides/set-up-meta.md and docs/audiences.md say where.');

export const rudderstack: Product = {
  product: 'RudderStack: Facebook Custom Audience',
  statements: [
    ['Customer lists are sent to audiences that exist', 'preset audience-rudderstack-lists', run('list preset')],
    ['Email, phone, gender and many others', 'every column of Meta’s', run('every column')],
    ['Its code is open', 'MIT', not('A property of the project, not of a run.')],
    ['Web, mobile and server sources in cloud mode', 'whatever writes to the topic', run('list adds')],
    ['Device mode does not exist', '', not('Nor here: the connector runs on a server.')],
    ['The destination is added and named', 'a file', screen],
    ['An access token is asked for', '`access_token`', scene('a token is asked for, and sent in the header')],
    [
      'At least one schema field must be chosen',
      '`schema_fields: []` is an error at start; absent: all columns',
      scene('a schema field is asked for'),
    ],
    ['A schema field that is none is noticed', 'an error at start', scene('a schema field that is none is refused')],
    [
      'Every user must have every field, in the same order',
      'any order, and each user has the columns that they have',
      run('schema fields'),
    ],
    ['Columns that were not chosen are ignored', '`schema_fields`', run('schema fields')],
    ['Event names are mapped to audience ids', '`audiences`', run('event to audience')],
    ['One event may stand for several audiences', 'a list of ids', run('event to several audiences')],
    ['Only track events with those names can be sent', 'others are skipped and counted', run('event not mapped')],
    ['Other types of calls are not taken', 'skipped', run('identify with lists')],
    ['Enable Hashing: data is hashed', 'by default', run('list adds')],
    ['Without it the data must be hashed', '`hash: false`', run('hashing off')],
    ['and plain data is sent as it is', 'refused, and never leaves', run('hashing off, plain')],
    ['Disable Formatting: values are taken as they are', '`format: false`', run('formatting off')],
    ['userListAdd and userListDelete are in properties', 'read by default', run('list both')],
    ['At most 1100 users in a list', '100,000 and more, split into requests of 10,000', run('many users')],
    ['userListAdd adds', 'POST', run('list adds')],
    ['userListDelete removes', 'DELETE', run('list removes')],
    ['Both in one event', 'removals first', run('list both')],
    ['Column names in any case (`Email`)', 'any case and usual names', run('list removes')],
    ['sessionIdAdd tracks the session of additions', '`session_id_add`', run('sessions')],
    ['sessionIdDelete tracks that of removals', '`session_id_remove`', run('session of removals')],
    ['They are not mandatory', 'the connector numbers its own', run('list adds')],
    ['One session can’t both add and remove: in one event', 'SESSION_REUSED', run('one session for both')],
    [
      'nor in different events',
      'the later one is a dead letter, and the lane goes on',
      scene('a session that added does not remove in a later event'),
    ],
    [
      'A session has id, batch sequence and last flag',
      'sent with each',
      scene('the session that the user gave is sent with each list'),
    ],
    ['An id beyond 64 bits is none', 'SESSION_INVALID', run('session beyond int64')],
    [
      'Their example has literal ids and lastBatchFlag: true',
      'sent again in sessions of our own, with one warning',
      scene('three lists of one finished session'),
    ],
    [
      'Where the audience id is found',
      '`meta-actions audiences list`',
      scene('audiences are listed and made by a command'),
    ],
    ['How a token is made', '', metaSide],
    ['An app of type Business with the Marketing API is needed', '', metaSide],
    ['Support by mail and Slack', '', not('The project has issues instead.')],
  ],
};
