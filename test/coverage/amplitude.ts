import { not, type Product, run, scene } from './statement.ts';

const metaSide = not('Meta’s side; docs/audiences.md says so, too.');
const screen = not('A screen of theirs; here it is a file that `validate` checks.');

export const amplitude: Product = {
  product: 'Amplitude: Facebook Ads cohorts',
  statements: [
    ['Cohorts become custom audiences', 'preset audience-cohorts', run('cohort adds')],
    ['Cost metrics are computed in Amplitude', '', not('Analytics of theirs; the connector sends.')],
    ['Raw events can be sent, too', 'conversions', run('purchase')],
    ['An audience of fewer than 100 users is hardly used', '', metaSide],
    ['The size of small audiences is not shown', '`audiences show` tells what Meta says', metaSide],
    ['It is added in each project', 'a file for each destination', screen],
    [
      'Who sets it up agrees to the terms',
      'not accepted: the lane is blocked and names the page',
      scene('terms not accepted'),
    ],
    ['Matching takes up to an hour, removal up to a day', '', metaSide],
    ['Fields are hashed if they are not', 'normalized and hashed', run('cohort adds')],
    ['What is a hash is sent as it is', 'passed on', run('cohort hashed')],
    ['A Business Manager account is needed', '', metaSide],
    ['Login and terms by a pop-up', '', screen],
    [
      'Many keys can be mapped: email, phone …',
      'read by their usual names, also inside of user_properties',
      run('cohort adds'),
    ],
    ['The identifier can be the user id', '`user_id`', run('cohort adds')],
    ['or the device id', '`device_id` where it is an advertising id', run('cohort device')],
    ['or a user property', '`user_properties`, `properties`', run('cohort adds')],
    ['Keys such as country may be sent', 'beside an identifier', run('cohort country beside')],
    ['At least one key must identify', 'else the entry is refused', run('cohort country alone')],
    ['More keys match better', 'what no column took is warned of', run('cohort unread')],
    ['A cohort is synced to a chosen destination', 'the message’s cohort name', run('cohort adds')],
    ['at a chosen cadence', '', not('Whoever writes the messages decides; they are sent as they come.')],
    ['Users who leave are removed', '`operation: remove`', run('cohort removes')],
    ['A user’s membership as a boolean', '`in_cohort`', run('cohort boolean')],
    ['A sync without changes does nothing', 'skipped and counted', run('cohort empty')],
    ['The audience is on the Audience page', 'created by its name', scene('an audience is created once, by its name')],
    ['Error: terms not accepted', '200/1870034 and others, with the link', scene('terms not accepted')],
    ['Error: no Business Manager', '200/1870050, with the link', scene('ad account without a business')],
    ['Error: lack of permissions', 'blocked, with what is missing', scene('no access to the ad account')],
    ['Another user takes over', 'another token, read without a restart', scene('another token without a restart')],
  ],
};
