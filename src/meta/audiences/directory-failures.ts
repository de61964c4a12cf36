import { fingerprint } from '../../core/fingerprint.ts';
import type { Outcome } from '../../core/outcome.ts';
import { audiencesPage } from '../errors-audiences.ts';

type Blocked = Extract<Outcome, { readonly kind: 'blocked' }>;
type Retryable = Extract<Outcome, { readonly kind: 'retryable' }>;

interface Named {
  readonly name: string;
}

/** A name may come from an event and say something about people: it is told by its fingerprint. */
function shownName(name: string): string {
  return `the name ${fingerprint(name)}*** (\`meta-actions fingerprint NAME\`)`;
}

export function ambiguousName({ name }: Named, ids: readonly string[]): Blocked {
  return blocked(
    'AUDIENCE_NAME_AMBIGUOUS',
    `${ids.length} audiences of the ad account have ${shownName(name)}: ${ids.slice(0, 10).join(', ')}.`,
    'Rename or delete all but one of them, or map audience_id.',
  );
}

export function missingAudience({ name }: Named): Blocked {
  return blocked(
    'AUDIENCE_NOT_FOUND',
    `No audience of the ad account has ${shownName(name)}, and it may not be created.`,
    'Create it, correct audience_name, or take "create_audience": false out of the mapping.',
  );
}

/** Meta took the creation, but doesn't show the audience yet. */
export function creationUnclear({ name }: Named): Retryable {
  return waiting(
    'AUDIENCE_NOT_LISTED',
    `Meta has created the audience with ${shownName(name)}, but does not list it yet.`,
  );
}

export function notACustomerList(id: string, subtype: string): Blocked {
  return blocked(
    'AUDIENCE_NOT_A_CUSTOMER_LIST',
    `The audience ${id} is of kind ${subtype}, and only customer lists (CUSTOM) take people one by one.`,
    'Name an audience that was made from a customer list.',
  );
}

export function flagged(id: string): Blocked {
  return blocked(
    'AUDIENCE_FLAGGED',
    `Meta has flagged the audience ${id}: it takes no uploads.`,
    `Resolve what Meta shows of it at ${audiencesPage} and ask for a review, or name another audience.`,
  );
}

export function inReplacement(id: string): Retryable {
  return waiting('AUDIENCE_IN_REPLACEMENT', `The audience ${id} is being replaced; additions and removals wait.`);
}

function blocked(code: string, message: string, fix: string): Blocked {
  return { kind: 'blocked', failure: { code, message, fix } };
}

function waiting(code: string, message: string): Retryable {
  const fix = 'Nothing: the connector looks again by itself.';
  return { kind: 'retryable', failure: { code, message, fix }, ambiguous: false, halve: false };
}
