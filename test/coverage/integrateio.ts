import { not, type Product, run, scene } from './statement.ts';

const metaSide = not('Done at Meta; docs/guides/set-up-meta.md and docs/audiences.md say where.');

export const integrateio: Product = {
  product: 'Integrate.io: Facebook Ads destination',
  statements: [
    [
      'The output of a flow is stored at Meta',
      'records of a topic or a file',
      scene('the records of a file are at Meta once, also when it is run again'),
    ],
    ['A connection is selected or made', '`access_token`', scene('a token is asked for, and sent in the header')],
    ['Admin access to the business', '', metaSide],
    ['Access to the pixel', 'blocked otherwise, with the cause', scene('no access to the pixel')],
    ['Access to the ad account', 'blocked otherwise, with the cause', scene('no access to the ad account')],
    ['Terms of service must be accepted', 'blocked, with the link', scene('terms not accepted')],
    ['Target: Conversions', 'the actions of events', run('purchase')],
    ['Target: Customers', 'the actions of audiences', run('row new')],
    ['Insert by pixel id', '`pixel_id`', run('purchase')],
    ['Insert by audience id', '`audience_id`', run('existing audience')],
    ['Replace, customers only', '`audiences replace`, or operation replace', scene('everybody is replaced')],
    ['Delete, customers only', 'removals', run('row deleted')],
    ['Batch size of conversions: at most 1000', '`batch.max_events`', scene('no batch of events is above its size')],
    ['Batch size of customers: at most 10000', '`batch.max_rows`', scene('no batch of rows is above its size')],
    [
      'Maximum errors in a batch before the task fails',
      '`max_rejected_per_batch`',
      scene(
        'more malformed events than allowed stop the destination',
        'more rows that Meta refuses than allowed stop the lane',
      ),
    ],
    [
      '0 fails on the first',
      'also on one that was rejected before sending',
      scene('threshold 0 stops at the first, also at one of ours'),
    ],
    ['A number tolerates bad data', 'batch by batch', scene('as many as are allowed stop nothing')],
    ['Malformed e-mails and phones count', 'ours and Meta’s together', scene('ours and those of Meta count together')],
    ['A negative number switches it off', 'any', scene('any negative number switches it off')],
    [
      'More may fail over the whole job',
      'it is a limit of each batch',
      scene('more than that may fail over the whole job'),
    ],
    [
      'The threshold must be a whole number',
      'text and fractions are errors at start',
      scene('a threshold that is no whole number is an error at start'),
    ],
    ['The log has samples by reason', 'in Meta’s words', scene('samples by reason, in words of Meta')],
    [
      'A sample is cut to eight characters',
      'of a fingerprint, never of the value',
      scene('a sample is eight characters of a fingerprint and a place'),
    ],
    [
      'No personal data is in the log',
      'reasons that may quote are fingerprinted',
      scene('no personal data is in what is told'),
    ],
    ['Invalid hash means unhashed or wrongly hashed', 'hashed here, so that it can’t happen', run('email')],
    ['SHA-256 is required', 'SHA-256', run('email')],
    [
      'The fingerprint leads back to the row',
      '`meta-actions fingerprint VALUE`, and the position',
      scene('a sample is eight characters of a fingerprint and a place'),
    ],
    ['Where the pixel id is found', '', metaSide],
    ['Where the audience id is found', '`audiences list`', scene('audiences are listed and made by a command')],
    [
      'An audience is made from a customer list',
      'created by its name, or `audiences create`',
      scene('an audience is created once, by its name', 'audiences are listed and made by a command'),
    ],
    [
      'Meta’s template of a list, .csv or .txt',
      'its columns, repeated ones too',
      scene('a template with repeated columns'),
    ],
    ['The audience must be ready', 'a look before the first row', scene('audience not ready')],
    ['Its source must be a customer list', 'another kind is refused', scene('an audience of another kind')],
    ['Fields of conversions are mapped', '`mapping`', run('custom event')],
    ['Fields of customers are mapped', '`mapping`', run('initial')],
  ],
};
