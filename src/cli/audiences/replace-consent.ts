import { ConnectorError } from '../../core/errors.ts';
import type { AudienceDetails } from '../../meta/audiences/audience-details.ts';
import type { ReplacePlan } from '../../replace/plan.ts';
import { agreed } from '../command/agreed.ts';

/** A file with a wrong column, or the wrong file, makes most of an audience disappear: from here on somebody must say so. */
const mostUnusable = 0.1;
const leastOfSize = 0.5;

/** Why a replacement looks like a mistake, in words; none: it doesn't. */
export function doubtsAbout(
  plan: Pick<ReplacePlan, 'read' | 'users'>,
  { sizeAtLeast = 0 }: Pick<AudienceDetails, 'sizeAtLeast'>,
): readonly string[] {
  const { read, users } = plan;
  const unusable = read - users;
  return [
    ...(unusable > read * mostUnusable
      ? [`${unusable} of ${read} rows (${Math.round((100 * unusable) / read)} %) can't be sent`]
      : []),
    ...(users < sizeAtLeast * leastOfSize
      ? [`the audience has at least ${sizeAtLeast} people, and would end with at most ${users}`]
      : []),
  ];
}

/**
 * Resolves when somebody has agreed: by `--yes`, or at the terminal.
 *
 * @throws ConnectorError CONFIRMATION_NEEDED
 */
export async function confirmed(doubts: readonly string[], yes: boolean): Promise<void> {
  const reasons = doubts.join('; ');
  if (doubts.length === 0 || (await agreed(`${reasons}. Replace the audience all the same?`, yes))) return;
  const message = `${reasons}; nothing was sent. Look at the file and its columns; if that is what you want, add --yes`;
  throw new ConnectorError('CONFIRMATION_NEEDED', message);
}
