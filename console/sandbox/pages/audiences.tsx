import { Data } from '../../parts/data.tsx';
import { Empty, Waiting } from '../../parts/empty.tsx';
import { Mark } from '../../parts/state.tsx';
import { Top } from '../../parts/top.tsx';
import { useAnswer } from '../../lib/use-answer.ts';
import { count, plural } from '../../lib/numbers.ts';
import { type Place, withQuery } from '../../lib/router.ts';
import { getLines, type SandboxAudience, useSandbox } from '../sandbox-api.ts';

type Member = Readonly<Record<string, readonly string[]>>;

const shown = 100;

/** Audiences, and who is in them: what Meta itself would never tell. */
export function AudiencesPage({ place }: { readonly place: Place }) {
  const { value, error } = useSandbox<{ readonly audiences: readonly SandboxAudience[] }>('/audiences', 1500);
  const audiences = value?.audiences ?? [];
  const chosen = audiences.find(({ id }) => id === place.query.get('audience')) ?? audiences[0];
  return (
    <>
      <Top title="Audiences">
        {value === undefined ? 'Looking …' : audiences.length === 0 ? 'There is no audience yet.' : sentence(audiences)}
      </Top>
      {value === undefined ? (
        <Waiting error={error} />
      ) : chosen === undefined ? (
        <Empty>
          An audience is here as soon as a connector creates it, or when the sandbox is started with --audience.
        </Empty>
      ) : (
        <div class={place.query.has('audience') ? 'beside picked' : 'beside'}>
          <table>
            <thead>
              <tr>
                <th>Audience</th>
                <th>State</th>
                <th class="number">People</th>
              </tr>
            </thead>
            <tbody>
              {audiences.map((audience) => (
                <tr key={audience.id} class="pick" aria-current={audience.id === chosen.id ? 'true' : undefined}>
                  <td>
                    <a href={withQuery(place, { audience: audience.id })} data-row>
                      <Data text={audience.name} />
                    </a>
                    <code class="under">{audience.id}</code>
                  </td>
                  <td>
                    <Mark kind={audience.operation_status === 200 && !audience.deleted ? 'well' : 'blocked'} />{' '}
                    {audience.deleted ? 'deleted' : `status ${audience.operation_status}`}
                  </td>
                  <td class="number">{count(audience.members)}</td>
                </tr>
              ))}
            </tbody>
          </table>
          <Members audience={chosen} />
        </div>
      )}
    </>
  );
}

function sentence(audiences: readonly SandboxAudience[]): string {
  const members = audiences.reduce((sum, audience) => sum + audience.members, 0);
  return `${plural(audiences.length, 'audience')} with ${plural(members, 'person', 'people')}.`;
}

function Members({ audience: { id, name, members } }: { readonly audience: SandboxAudience }) {
  const { value } = useAnswer<readonly Member[]>(`/audiences/${id}/members?limit=${shown}`, getLines, 2000);
  return (
    <section class="chosen" aria-label="Members">
      <h2>
        Who is in <Data text={name} />
      </h2>
      {value?.length === 0 && <Empty>Nobody is in it now.</Empty>}
      <ul class="members">
        {value?.map((member) => (
          <li key={JSON.stringify(member)}>
            {Object.entries(member).map(([key, values]) => (
              <span key={key}>
                <span class="quiet small">{key.toLowerCase().replace('_', ' ')}</span>{' '}
                <span class="mono" title={values.join(', ')}>
                  <Data text={values.map(shortened).join(', ')} />
                </span>
              </span>
            ))}
          </li>
        ))}
      </ul>
      {members > shown && <p class="quiet small">The first {shown} of them.</p>}
    </section>
  );
}

function shortened(value: string): string {
  return value.length > 20 ? `${value.slice(0, 8)}…` : value;
}
