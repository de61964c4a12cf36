import { Data } from '../../parts/data.tsx';
import { Empty, Waiting } from '../../parts/empty.tsx';
import { Mark } from '../../parts/state.tsx';
import { Top } from '../../parts/top.tsx';
import { When } from '../../parts/when.tsx';
import { count, plural } from '../../lib/numbers.ts';
import type { Place } from '../../lib/router.ts';
import type { Audience, Audiences, Status } from '../api-types.ts';
import { useApi } from '../api.ts';
import { AudienceDetail } from '../parts/audience-detail.tsx';
import { audiencePath, chosenAudience } from '../audience-places.ts';
import { audiencesSentence, sentenceCase } from '../words.ts';

interface AudiencesPageProps {
  readonly place: Place;
  /** Destination and id of the audience that is looked at; none: the first. */
  readonly chosen: readonly (string | undefined)[];
  readonly status: Status | undefined;
}

/** Whom an audience holds, as far as Meta says, and whether its changes arrive. */
export function AudiencesPage({ place, chosen, status }: AudiencesPageProps) {
  const { value, error } = useApi<Audiences>('/audiences', 3000);
  const audiences = value?.audiences ?? [];
  const open = chosenAudience(audiences, chosen);
  const search = place.query.size === 0 ? '' : `?${place.query}`;
  return (
    <>
      <Top
        title="Audiences"
        after="Meta tells sizes rounded, and none below 1,000. Joins and leaves are those that it accepted since the start."
      >
        {value === undefined ? 'Looking …' : audiencesSentence(audiences)}
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
        <>
          <table class="folds named">
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
                <Row
                  key={`${audience.destination} ${audience.id} ${audience.name}`}
                  audience={audience}
                  current={audience === open}
                  search={search}
                />
              ))}
            </tbody>
          </table>
          {value.complete ? null : <p class="quiet small note">There are more than the 500 that are shown.</p>}
          {open === undefined ? (
            <p class="quiet note">The audience of this address has had no changes lately. Choose another.</p>
          ) : (
            <AudienceDetail audience={open} place={place} since={status?.startedAt} />
          )}
        </>
      )}
    </>
  );
}

interface RowProps {
  readonly audience: Audience;
  readonly current: boolean;
  /** The filters of the page, which stay when another audience is looked at. */
  readonly search: string;
}

function Row({ audience, current, search }: RowProps) {
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
  } = audience;
  return (
    <tr class="pick" aria-current={current ? 'true' : undefined}>
      <td>
        <a href={`${audiencePath(audience)}${search}`} data-row>
          <Data text={name ?? id} />
        </a>
        <span class="under">
          <Data text={destination} />
        </span>
      </td>
      <td>
        <Mark kind={state} /> <Data text={failure === undefined ? words : sentenceCase(failure.message)} />
        {rejected > 0 && <span class="under">{plural(rejected, 'change was', 'changes were')} refused</span>}
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
