import { own } from '../../src/core/json.ts';
import { joinedByLast } from '../../src/import/trigger-differences.ts';
import { compileTrigger } from '../../src/trigger/compile-trigger.ts';
import type { ParityReason } from './reason.ts';

/** An outcome that differs: which one theirs was, and what ours was. */
function outcome(id: string, text: string, theirs: RegExp, ours: RegExp): ParityReason {
  return {
    id,
    text,
    explains: (difference) =>
      difference.path === 'outcome' && theirs.test(String(difference.theirs)) && ours.test(String(difference.ours)),
  };
}

const sent = /^sent$/;

export const outcomeReasons: readonly ParityReason[] = [
  {
    id: 'mixed-operators',
    text: '`and` binds tighter than `or` here; the published matcher joins all conditions of a level by the last of the two.',
    explains: ({ path, theirs, ours }, { trigger, event }) => {
      const joined = joinedByLast(trigger);
      if (path !== 'outcome' || joined === trigger) return false;
      const [here, there] = [trigger, joined].map((text) => compileTrigger(text)(event));
      return here !== there && (theirs === 'sent' ? ours === 'nothing: trigger' : ours === 'sent');
    },
  },
  {
    id: 'missing-field',
    text: '`!=`, `not contains` and `not match` of a field that is missing, or is of another type, are true here.',
    explains: ({ path, theirs, ours }, { trigger }) =>
      path === 'outcome' &&
      theirs === 'nothing: not subscribed' &&
      ours !== 'nothing: trigger' &&
      /!=|(?:!|not )\s*(?:contains|match)/.test(trigger),
  },
  {
    id: 'computation-class',
    text: 'A boolean under the computation key says whether a person belongs, whatever the class of the computation.',
    explains: ({ path, theirs, ours }, { event }) => {
      const personas = own(own(event, 'context'), 'personas');
      const key = String(own(personas, 'computation_key'));
      const flag = own(own(event, 'traits'), key) ?? own(own(event, 'properties'), key);
      const isAudience = ['audience', 'journey_step'].includes(String(own(personas, 'computation_class')));
      return (
        path === 'outcome' &&
        String(theirs).includes('Audience membership details missing') &&
        ours === 'sent' &&
        typeof flag === 'boolean' &&
        !isAudience
      );
    },
  },
  outcome(
    'user-agent',
    'A website event without a user agent is sent with a warning, since Meta takes it; `"requirements": "enforce"` refuses it, as there.',
    /client_user_agent must be defined/,
    sent,
  ),
  outcome(
    'coerced',
    'A value of a wrong type is converted, or left out with a warning; there the whole event is refused.',
    /must be (?:a|an) \w+(?: format)? but it was|must be a valid/,
    sent,
  ),
  outcome(
    'value-found',
    'A Purchase without a value is sent with the sum over its contents, where that is known.',
    /missing the required field 'value'/,
    sent,
  ),
  outcome(
    'item-without-id',
    'An item without an id is left out; there the whole event is refused.',
    /must include an 'id' parameter/,
    sent,
  ),
  outcome(
    'currency-in-capitals',
    'A currency in small letters is understood; in an action other than Purchase one that is none is left out.',
    /is not a valid currency code/,
    sent,
  ),
  outcome(
    'empty-identifier',
    'An identifier that is empty after normalization is left out; there the whole event is refused.',
    /Cannot hash an empty string/,
    sent,
  ),
  outcome(
    'external-id-of-another-type',
    'A number is an external id too.',
    /missing the required field 'externalId'|External ID must be/,
    sent,
  ),
  outcome(
    'too-old',
    'Meta refuses events of more than seven days: a dead letter says so before.',
    sent,
    /EVENT_TOO_OLD/,
  ),
  outcome(
    'app-data-incomplete',
    'Meta refuses an app event without whether tracking is allowed, the platform or its version: a dead letter says so before.',
    sent,
    /APP_DATA_INVALID/,
  ),
  outcome(
    'nobody',
    'Meta refuses an event that identifies nobody: a dead letter says so before.',
    sent,
    /IDENTIFIERS_INSUFFICIENT/,
  ),
  outcome(
    'purchase-incomplete',
    'Meta refuses a Purchase without a value or a currency: a dead letter says so before.',
    sent,
    /PURCHASE_(?:VALUE|CURRENCY)_MISSING|CURRENCY/,
  ),
];
