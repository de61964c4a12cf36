import { Data } from '../../parts/data.tsx';
import { When } from '../../parts/when.tsx';
import type { DeadLetter } from '../api-types.ts';
import { deadLetterPath } from '../places.ts';
import { firstSentence } from '../words.ts';

interface DeadLetterListProps {
  readonly letters: readonly DeadLetter[];
  /** The filters of the page, which stay when a letter is opened. */
  readonly search: string;
  readonly open: string | undefined;
}

export function DeadLetterList({ letters, search, open }: DeadLetterListProps) {
  return (
    <ul class={open === undefined ? 'letters wide' : 'letters'}>
      {letters.map((letter) => (
        <li key={letter.id}>
          <a
            href={`${deadLetterPath(letter.id)}${search}`}
            data-row
            aria-current={letter.id === open ? 'true' : undefined}
          >
            <span class="what">
              <Data text={letter.event ?? letter.type ?? 'unreadable record'} />
            </span>
            <span class="when">
              <When at={letter.at} />
            </span>
            <span class="why">
              <Data text={firstSentence(letter.message)} />
            </span>
            <Replayed of={letter} />
          </a>
        </li>
      ))}
    </ul>
  );
}

const outcomes = { done: 'replayed', refused: 'refused again', superseded: 'superseded' } as const;

/** Nothing where nobody has replayed it; whether it failed before tells why it is here once more. */
function Replayed({ of: { replayed, replays } }: { readonly of: DeadLetter }) {
  if (replayed !== undefined) return <span class="tag">{outcomes[replayed.outcome ?? 'done']}</span>;
  return replays > 0 ? <span class="tag">failed before</span> : null;
}
