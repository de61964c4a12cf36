import { Data } from '../../parts/data.tsx';
import { Empty, Waiting } from '../../parts/empty.tsx';
import { Mark } from '../../parts/state.tsx';
import { Top } from '../../parts/top.tsx';
import { When } from '../../parts/when.tsx';
import { count, plural } from '../../lib/numbers.ts';
import type { Audience, Audiences } from '../api-types.ts';
import { useApi } from '../api.ts';
import { destinationPath } from '../places.ts';

/** Whom an audience holds, as far as Meta says, and whether its changes arrive. */
export function AudiencesPage() {
  const { value, error } = useApi<Audiences>('/audiences', 3000);
  const audiences = value?.audiences ?? [];
  return (
    <>
      <Top
        title="Audiences"
        after="Meta tells sizes rounded, and none below 1,000. Joins and leaves are those that it accepted since the start."
      >
        {value === undefined ? 'Looking …' : sentence(audiences)}
      </Top>
      {value?.failure !== undefined && (
        <p class="notice">
          Meta did not say how large they are: <Data text={value.failure.message} />
        </p>
      )}
      {value === undefined ? (
        <Waiting error={error} />
      ) : audiences.length === 0 ? (
        <Empty>
          No audience yet. One is here when a subscription with the action Sync Audience has changed it, or names it in
          its mapping.
        </Empty>
      ) : (
        <table class="folds">
          <thead>
            <tr>
              <th>Audience</th>
              <th>How it is</th>
              <th class="number">People, says Meta</th>
              <th class="number">Joined</th>
              <th class="number">Left</th>
              <th class="number">Waiting</th>
              <th>Last change</th>
            </tr>
          </thead>
          <tbody>
            {audiences.map((audience) => (
              <Row key={`${audience.destination} ${audience.id} ${audience.name}`} audience={audience} />
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}

function Row({ audience }: { readonly audience: Audience }) {
  const {
    id,
    name,
    destination,
    state,
    sentence: words,
    joins,
    leaves,
    rejected,
    waiting,
    lastFlushAt,
    failure,
    url,
  } = audience;
  return (
    <tr>
      <td>
        <strong>
          <Data text={name ?? id} />
        </strong>
        <span class="under">
          <a href={destinationPath(destination)}>
            <Data text={destination} />
          </a>{' '}
          {url === undefined ? id : <a href={url}>{id}</a>}
        </span>
      </td>
      <td>
        <Mark kind={state} /> <Data text={words} />
        {failure !== undefined && (
          <span class="under">
            <Data text={failure.message} />{' '}
            <a href={`/dead-letters?${new URLSearchParams({ destination })}`}>Dead letters</a>
          </span>
        )}
        {rejected > 0 && (
          <span class="under">
            <a href={`/dead-letters?${new URLSearchParams({ destination })}`}>
              {plural(rejected, 'change was', 'changes were')} refused
            </a>
          </span>
        )}
      </td>
      <td class="number" data-label="people">
        {size(audience)}
      </td>
      <td class="number" data-label="joined">
        {count(joins)}
      </td>
      <td class="number" data-label="left">
        {count(leaves)}
      </td>
      <td class="number" data-label="waiting">
        {count(waiting)}
      </td>
      <td data-label="last change">
        <When at={lastFlushAt} />
      </td>
    </tr>
  );
}

function size({ sizeAtLeast, sizeAtMost }: Audience): string {
  if (sizeAtMost === undefined) return '–';
  if (sizeAtLeast === undefined || sizeAtLeast === 0) return `under ${count(sizeAtMost)}`;
  return sizeAtLeast === sizeAtMost ? count(sizeAtMost) : `${count(sizeAtLeast)} to ${count(sizeAtMost)}`;
}

function sentence(audiences: readonly Audience[]): string {
  if (audiences.length === 0) return 'No audience was changed yet.';
  const blocked = audiences.filter(({ state }) => state === 'blocked');
  const waiting = audiences.reduce((sum, each) => sum + each.waiting, 0);
  if (blocked.length > 0)
    return `${plural(blocked.length, 'audience takes', 'audiences take')} no changes; ${plural(waiting, 'change waits', 'changes wait')}, none is lost.`;
  const joins = audiences.reduce((sum, each) => sum + each.joins, 0);
  const leaves = audiences.reduce((sum, each) => sum + each.leaves, 0);
  return `${plural(audiences.length, 'audience')} up to date: ${count(joins)} joined and ${count(leaves)} left since the start.`;
}
