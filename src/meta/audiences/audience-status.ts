import { audiencesPage } from '../errors-audiences.ts';

/** What a status of an audience means for its uploads, in words. */
export interface StatusWords {
  readonly meaning: string;
  /** Absent: nothing is to be done. */
  readonly fix?: string;
}

const lookAtAudience = `Look at it at ${audiencesPage}.`;
const nextFile = 'Compare what is sent with what `meta-actions explain` shows, and send more columns of each person.';

/** `operation_status` (Meta: Custom audience). */
const operations: Readonly<Record<number, StatusWords>> = {
  0: { meaning: 'Meta says nothing about it' },
  100: { meaning: 'expiring: unused for two years', fix: 'Use it in an ad set, or Meta deletes it after 90 days.' },
  200: { meaning: 'normal' },
  400: { meaning: 'a warning', fix: lookAtAudience },
  410: { meaning: 'nobody was uploaded yet', fix: 'Send people to it.' },
  411: { meaning: 'few of the people were matched', fix: nextFile },
  412: { meaning: 'many of the rows were invalid', fix: nextFile },
  414: { meaning: 'being replaced: additions and removals wait', fix: 'Wait; a replacement ends after 90 minutes.' },
  415: {
    meaning: 'the last replacement did not finish',
    fix: 'Replace it again with `meta-actions audiences replace`.',
  },
  441: { meaning: 'being filled; ads can run' },
  442: { meaning: 'could not be filled', fix: lookAtAudience },
  450: { meaning: 'out of date', fix: 'Send people to it.' },
  470: { meaning: 'its owner is inactive', fix: 'Give the ad account an active owner in Meta Business Suite.' },
  471: {
    meaning: 'flagged: it takes no uploads',
    fix: `Resolve what Meta shows of it at ${audiencesPage} and ask for a review.`,
  },
  500: { meaning: 'an error', fix: lookAtAudience },
};

export function operationWords(code: number, description: string): StatusWords {
  return operations[code] ?? { meaning: description, fix: lookAtAudience };
}

/** `delivery_status` (Meta: Custom audience). */
export function deliveryWords(code: number, description: string): StatusWords {
  if (code === 200) return { meaning: 'ready for ads' };
  if (code === 300) {
    return {
      meaning: 'too small for ads',
      fix: 'Send more people: below 100 matched ones Meta is unlikely to use it.',
    };
  }
  if (code >= 400) return { meaning: `not usable for ads: ${description}`, fix: lookAtAudience };
  return { meaning: description };
}

export function subtypeWords(subtype: string): StatusWords {
  if (subtype === 'CUSTOM') return { meaning: 'a customer list' };
  return {
    meaning: 'no customer list: it takes no people one by one',
    fix: 'Name an audience made from a customer list.',
  };
}
