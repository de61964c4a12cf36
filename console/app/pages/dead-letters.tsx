import { useEffect, useState } from 'preact/hooks';
import { Data } from '../../parts/data.tsx';
import { Empty, Trouble, Waiting } from '../../parts/empty.tsx';
import { Top } from '../../parts/top.tsx';
import { plural } from '../../lib/numbers.ts';
import type { Place } from '../../lib/router.ts';
import { useAnswer } from '../../lib/use-answer.ts';
import type { DeadLetterFilter, DeadLetterGroups as Groups, DeadLetters, Status } from '../api-types.ts';
import { address, get } from '../api.ts';
import { deadLetterFilter, isFiltered } from '../dead-letter-filter.ts';
import { DeadLetterDetailView } from '../parts/dead-letter-detail.tsx';
import { DeadLetterFilters } from '../parts/dead-letter-filters.tsx';
import { DeadLetterGroups } from '../parts/dead-letter-groups.tsx';
import { DeadLetterList } from '../parts/dead-letter-list.tsx';
import { ReplayGroup } from '../parts/replay-group.tsx';
import { ReplayProgress } from '../parts/replay-progress.tsx';
import { firstSentence } from '../words.ts';

interface DeadLettersPageProps {
  readonly place: Place;
  readonly id: string | undefined;
  readonly status: Status | undefined;
}

/** What was set aside, why, and how to send it again. */
export function DeadLettersPage({ place, id, status }: DeadLettersPageProps) {
  // A span of time ends with each request: what is asked for is told by the page's address, which stays the same.
  const asked = () => deadLetterFilter(place, Date.now());
  const filter = asked();
  const key = place.query.toString();
  const groups = useAnswer(
    key,
    (_key, signal) => get<Groups>(address('/dead-letters/groups', asked()), signal),
    everyMillis,
  );
  const letters = useDeadLetters(key, asked);
  const search = place.query.size === 0 ? '' : `?${place.query}`;
  if (id !== undefined)
    return (
      <div class="beside opened">
        <aside class="list" aria-label="Dead letters">
          <p class="back">
            <a href={`/dead-letters${search}`}>← All dead letters</a>
          </p>
          <DeadLetterList letters={letters.letters} search={search} open={id} />
        </aside>
        <DeadLetterDetailView key={id} id={id} status={status} />
      </div>
    );
  const found = groups.value?.groups ?? [];
  return (
    <>
      <Top title="Dead letters" after={status && <Where status={status} />}>
        {groups.value === undefined ? 'Looking …' : sentence(groups.value, isFiltered(filter))}
      </Top>
      <DeadLetterFilters place={place} />
      <ReplayProgress />
      {groups.value === undefined ? (
        <Waiting error={groups.error} />
      ) : found.length === 0 ? (
        <Nothing filtered={isFiltered(filter)} />
      ) : (
        <>
          {place.query.get('code') === null && (
            <section aria-label="By reason">
              <h2>By reason</h2>
              <DeadLetterGroups groups={found} place={place} />
            </section>
          )}
          <section aria-label="Newest first">
            <div class="head">
              <h2>Newest first</h2>
              <ReplayGroup filter={filter} count={total(groups.value)} />
            </div>
            {letters.error !== undefined && <Trouble error={letters.error} />}
            <DeadLetterList letters={letters.letters} search={search} open={undefined} />
            {letters.more !== undefined && (
              <button type="button" class="more" onClick={letters.more}>
                Show more
              </button>
            )}
          </section>
        </>
      )}
    </>
  );
}

function total({ groups }: Groups): number {
  return groups.reduce((sum, { count }) => sum + count, 0);
}

function sentence(found: Groups, filtered: boolean) {
  const { groups, complete } = found;
  const [first] = groups;
  if (first === undefined) return filtered ? 'No dead letter is like this.' : 'Nothing was set aside.';
  const number = `${complete ? '' : 'More than '}${plural(total(found), 'event')}`;
  const were = total(found) === 1 ? 'was' : 'were';
  const most = groups.length === 1 ? 'because' : 'most often because';
  return (
    <>
      {number} {were} set aside, {most}: <Data text={lowerFirst(firstSentence(first.message))} />.
    </>
  );
}

function lowerFirst(text: string): string {
  return /^[A-Z][a-z ]/.test(text) ? `${text.slice(0, 1).toLowerCase()}${text.slice(1)}` : text;
}

function Where({ status }: { readonly status: Status }) {
  return (
    <>
      A dead letter is the untouched record with the reason. They are kept in <code>{status.deadLetters}</code>.
    </>
  );
}

function Nothing({ filtered }: { readonly filtered: boolean }) {
  if (filtered)
    return (
      <Empty>
        None fits these filters. <a href="/dead-letters">Show all</a>
      </Empty>
    );
  return (
    <Empty>
      Nothing was set aside. When something is, you’ll find here what it was, why, and how to send it again.
    </Empty>
  );
}

const onPage = 50;
const everyMillis = 4000;

interface DeadLettersKept {
  readonly letters: DeadLetters['letters'];
  readonly error: Error | undefined;
  readonly more: (() => void) | undefined;
}

/** The newest ones, kept fresh, and below them the pages that were asked for. */
function useDeadLetters(key: string, asked: () => DeadLetterFilter): DeadLettersKept {
  const load = (signal?: AbortSignal, cursor?: string) =>
    get<DeadLetters>(address('/dead-letters', { ...asked(), limit: onPage, cursor }), signal);
  const first = useAnswer(key, (_key, signal) => load(signal), everyMillis);
  const [rest, setRest] = useState<{ key: string; letters: DeadLetters['letters']; next: string | undefined }>();
  const [error, setError] = useState<Error>();
  useEffect(() => setRest((old) => (old?.key === key ? old : undefined)), [key]);
  const later = rest?.key === key ? rest : undefined;
  const next = later === undefined ? first.value?.next : later.next;
  const more = async () => {
    try {
      const page = await load(undefined, next);
      setRest({
        key,
        letters: [...(later?.letters ?? first.value?.letters.slice(0, 0) ?? []), ...page.letters],
        next: page.next,
      });
      setError(undefined);
    } catch (failed) {
      setError(failed instanceof Error ? failed : new Error(String(failed)));
    }
  };
  const newest = first.value?.letters ?? [];
  const known = new Set(newest.map(({ id }) => id));
  return {
    letters: [...newest, ...(later?.letters.filter(({ id }) => !known.has(id)) ?? [])],
    error: error ?? (first.value === undefined ? first.error : undefined),
    more: next === undefined ? undefined : () => void more(),
  };
}
