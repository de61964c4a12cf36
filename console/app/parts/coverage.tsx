import { Advice } from '../../parts/advice.tsx';
import { Bar } from '../../parts/bar.tsx';
import { Choices } from '../../parts/choices.tsx';
import { Data } from '../../parts/data.tsx';
import { Empty } from '../../parts/empty.tsx';
import { count, percent } from '../../lib/numbers.ts';
import { type Place, withQuery } from '../../lib/router.ts';
import type { Coverage as CoverageAnswer } from '../api-types.ts';
import { useApi } from '../api.ts';

type Key = CoverageAnswer['subscriptions'][number]['keys'][number];

interface CoverageProps {
  readonly place: Place;
  readonly destination: string;
}

/** By what Meta can find the people again, and what it would take to tell more. */
export function Coverage({ place, destination }: CoverageProps) {
  const { value } = useApi<CoverageAnswer>('/coverage', 10_000);
  const all = value?.subscriptions.filter((each) => each.destination === destination) ?? [];
  const asked = place.query.get('coverage');
  const [first] = all;
  const chosen = all.find(({ subscription }) => subscription === asked) ?? first;
  return (
    <section aria-label="Match keys">
      <div class="head">
        <h2>How Meta can recognize the people</h2>
        {all.length > 1 && (
          <Choices
            label="Subscription"
            choices={all.map(({ subscription }) => ({
              name: subscription,
              to: withQuery(place, { coverage: subscription }),
              current: subscription === chosen?.subscription,
            }))}
          />
        )}
      </div>
      {chosen === undefined ? (
        <Empty>
          No event yet. When some have come, this says how many carry an e-mail address, a phone number, a click id, and
          what it would take to have more.
        </Empty>
      ) : (
        <table class="coverage">
          <thead>
            <tr>
              <th>Key</th>
              <th class="share">Events that carry it</th>
              <th class="number">Share</th>
              <th class="wide-only">What it would take</th>
            </tr>
          </thead>
          <tbody>
            {chosen.keys
              .toSorted((a, b) => b.share - a.share)
              .map((key) => (
                <KeyRow key={key.field} of={key} />
              ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

function KeyRow({ of: { field, label, share, malformed, advice } }: { readonly of: Key }) {
  return (
    <tr>
      <td>
        {label}
        <code>{field}</code>
      </td>
      <td class="share">
        <Bar share={share} label={percent(share)} />
      </td>
      <td class="number">
        {percent(share)}
        {malformed > 0 && <span class="under">{count(malformed)} unusable</span>}
      </td>
      <td class="small">
        {advice.map((text) => (
          <WhatToDo key={text} text={text} />
        ))}
      </td>
    </tr>
  );
}

/** What to do, and on demand where the key is looked for. */
function WhatToDo({ text }: { readonly text: string }) {
  const [, todo = text, rest = ''] = /^(.*?[.:]) (It is read from .*)$/s.exec(text) ?? [];
  if (rest === '')
    return (
      <p>
        <Advice text={todo} />
      </p>
    );
  return (
    <details>
      <summary>
        <Advice text={todo} />
      </summary>
      <Data text={rest} />
    </details>
  );
}
