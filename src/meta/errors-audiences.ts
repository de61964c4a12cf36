import { block, type ErrorRow, noAction, reject, retry, retryThenBlock, type Verdict } from './error-row.ts';

function row(code: number, subcode: number | undefined, outcome: Verdict, name: string, meaning: string, fix: string) {
  return { code, ...(subcode === undefined ? {} : { subcode }), outcome, name, meaning, fix };
}

const acceptTerms =
  'A person with access to the ad account must accept the terms at ' +
  'https://business.facebook.com/ads/manage/customaudiences/tos/?act=AD_ACCOUNT_ID.';
export const audiencesPage = 'https://business.facebook.com/adsmanager/audiences';
const lookAtAudience = `Look at the audience at ${audiencesPage}.`;
const askForReview = `Resolve what Meta shows of the audience at ${audiencesPage} and ask for a review, or name another.`;
const startAgain = 'Start again with `meta-actions audiences replace`.';

/** Errors of custom audiences (Meta: Custom audiences; Replace users). */
export const audienceErrors: readonly ErrorRow[] = [
  row(100, 1713098, block, 'Invalid rule', 'The rule of the audience is invalid.', lookAtAudience),
  row(100, 1713228, block, 'Audience flagged', 'The audience is flagged and can not be changed.', askForReview),
  row(100, 1713230, block, 'Upload blocked', 'The audience is flagged and takes no uploads.', askForReview),
  row(100, 1713231, block, 'Audience flagged', 'The audience is flagged and can not be changed.', askForReview),
  row(100, 1487301, block, 'Audience not shared', 'The audience is not shared with this ad account.', lookAtAudience),
  row(100, 1487366, block, 'Audience deleted', 'The audience was deleted.', 'Name another audience.'),
  row(200, 1870034, block, 'Terms not accepted', 'The terms of custom audiences are not accepted.', acceptTerms),
  row(200, 1870090, block, 'Terms not accepted', 'The terms of custom audiences are not accepted.', acceptTerms),
  row(200, 1870092, block, 'Business terms not accepted', "Meta's business tools terms are not accepted.", acceptTerms),
  row(
    200,
    1870050,
    block,
    'Ad account without business',
    'The ad account is linked to no business.',
    'Add the ad account to a business at https://business.facebook.com/settings/ad-accounts.',
  ),
  row(
    2650,
    1870144,
    block,
    'Audience too large',
    'An audience of 100 million people or more can not be replaced.',
    'Add and remove people instead of replacing them.',
  ),
  row(
    2650,
    1870145,
    retry,
    'Replacement under way',
    'The audience is being replaced.',
    'Nothing: the connector waits.',
  ),
  row(2650, 1870147, reject, 'Replacement not started', 'The first batch of the session did not arrive.', startAgain),
  row(
    2650,
    1870148,
    retry,
    'Replacement failed',
    'Something went wrong at Meta while the audience was replaced.',
    `${noAction} If the size of the audience is off afterwards: ${startAgain}`,
  ),
  row(
    2650,
    1870158,
    reject,
    'Replacement timed out',
    'The session was open for more than 90 minutes; the audience holds what arrived.',
    `Send the people who are missing in events. Or: ${startAgain}`,
  ),
  row(
    2650,
    1870159,
    reject,
    'Session finished',
    'The session has had its last batch.',
    `${startAgain} A list of an event: send it under a new session id, or without one.`,
  ),
  row(
    2650,
    undefined,
    retryThenBlock,
    'Update failed',
    'Meta could not update the audience.',
    `The connector sends it again by itself. If it goes on: ${lookAtAudience} One that was made from other data takes no rows: name another then.`,
  ),
  row(
    2654,
    undefined,
    block,
    'Audience not writable',
    'The token may not write to the audience, or it is not a customer list.',
    'Name an audience that was made from a customer list, and give the token access to it.',
  ),
  row(2655, undefined, block, 'Terms not accepted', 'The terms of custom audiences are not accepted.', acceptTerms),
  row(2656, undefined, block, 'Audience in use', 'A lookalike audience is made from this audience.', lookAtAudience),
  row(2663, undefined, block, 'Terms not accepted', 'The terms of custom audiences are not accepted.', acceptTerms),
  row(2664, undefined, block, 'Terms not accepted', 'The terms of custom audiences are not accepted.', acceptTerms),
  row(
    1487301,
    undefined,
    block,
    'Audience not shared',
    'The audience is not shared with this ad account.',
    lookAtAudience,
  ),
  row(1487366, undefined, block, 'Audience deleted', 'The audience was deleted.', 'Name another audience.'),
];
