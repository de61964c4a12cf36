import { error, not, type Product, run, test } from './statement.ts';

const metaSide = not('Done at Meta; docs/audiences.md and README say where.');
const early = 'test/pipeline/hold/early-rejections.test.ts';

export const integrateio: Product = {
  product: 'Integrate.io: Facebook Ads destination',
  statements: [
    [
      'The output of a flow is stored at Meta',
      'records of a topic or a file',
      test('test/integration/file-runs.test.ts', 'a second run of the same file sends nothing again'),
    ],
    [
      'A connection is selected or made',
      '`access_token`',
      test('test/cli/commands.test.ts', 'without the token names the variable'),
    ],
    ['Admin access to the business', '', metaSide],
    ['Access to the pixel', 'blocked otherwise, with the cause', error(200)],
    ['Access to the ad account', 'blocked otherwise, with the cause', error(200)],
    ['Terms of service must be accepted', 'blocked, with the link', error(200, 1870090)],
    ['Target: Conversions', 'the actions of events', run('purchase')],
    ['Target: Customers', 'the actions of audiences', run('row new')],
    ['Insert by pixel id', '`pixel_id`', run('purchase')],
    ['Insert by audience id', '`audience_id`', run('existing audience')],
    [
      'Replace, customers only',
      '`audiences replace`, or operation replace',
      test('test/cli/audiences/audiences-replace.test.ts', 'of 25,000 people leaves exactly these'),
    ],
    ['Delete, customers only', 'removals', run('row deleted')],
    [
      'Batch size of conversions: at most 1000',
      '`batch.max_events`',
      test('test/pipeline/lane/batcher.test.ts', 'closes a batch when it is full'),
    ],
    [
      'Batch size of customers: at most 10000',
      '`batch.max_rows`',
      test('test/pipeline/audience/requests.test.ts', 'never have a blank cell, more rows or more bytes than allowed'),
    ],
    [
      'Maximum errors in a batch before the task fails',
      '`max_rejected_per_batch`',
      test('test/pipeline/rules.test.ts', 'rule 17: more rejected than allowed blocks the lane'),
    ],
    [
      '0 fails on the first',
      'also on one that was rejected before sending',
      test(early, '0: the first one stops the subscription'),
    ],
    ['A number tolerates bad data', 'batch by batch', test(early, 'as many as are allowed in each of several batches')],
    [
      'Malformed e-mails and phones count',
      'ours and Meta’s together',
      test(early, 'ours and those of Meta count together'),
    ],
    ['A negative number switches it off', 'any', test(early, 'any number passes')],
    [
      'More may fail over the whole job',
      'it is a limit of each batch',
      test(early, 'as many as are allowed in each of several batches'),
    ],
    [
      'The threshold must be a whole number',
      'text and fractions are errors at start',
      test('test/config/audiences.test.ts', 'a threshold with a fraction'),
    ],
    ['The log has samples by reason', 'in Meta’s words', test('test/coverage/report.test.ts', 'by reason')],
    [
      'A sample is cut to eight characters',
      'of a fingerprint, never of the value',
      test('test/coverage/report.test.ts', 'by reason'),
    ],
    [
      'No personal data is in the log',
      'reasons that may quote are fingerprinted',
      test('test/coverage/report.test.ts', 'not recognized'),
    ],
    ['Invalid hash means unhashed or wrongly hashed', 'hashed here, so that it can’t happen', run('email')],
    ['SHA-256 is required', 'SHA-256', run('email')],
    [
      'The fingerprint leads back to the row',
      '`meta-actions fingerprint VALUE`, and the position',
      test('test/cli/fingerprint.test.ts', 'an e-mail in any spelling'),
    ],
    ['Where the pixel id is found', '', metaSide],
    [
      'Where the audience id is found',
      '`audiences list`',
      test('test/cli/audiences/audiences.test.ts', 'list shows those of the ad account'),
    ],
    [
      'An audience is made from a customer list',
      'created by its name, or `audiences create`',
      test('test/cli/audiences/audiences.test.ts', 'create makes an audience once'),
    ],
    [
      'Meta’s template of a list, .csv or .txt',
      'its columns, repeated ones too',
      test('test/integration/expected-by-users.test.ts', 'the template of a customer list'),
    ],
    ['The audience must be ready', 'a look before the first row', error(100, 1713230)],
    [
      'Its source must be a customer list',
      'another kind is refused',
      test('test/cli/audiences/audiences-replace.test.ts', 'an audience of another kind is not replaced'),
    ],
    ['Fields of conversions are mapped', '`mapping`', run('custom event')],
    ['Fields of customers are mapped', '`mapping`', run('initial')],
  ],
};
