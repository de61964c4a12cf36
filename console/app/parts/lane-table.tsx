import { Data } from '../../parts/data.tsx';
import { Mark } from '../../parts/state.tsx';
import { When } from '../../parts/when.tsx';
import { count } from '../../lib/numbers.ts';
import type { Lane } from '../api-types.ts';
import { laneTitle } from '../words.ts';

/** The ways to Meta: what waits in each, and whether Meta slows it down. */
export function LaneTable({ lanes }: { readonly lanes: readonly Lane[] }) {
  const used = lanes.filter(
    ({ waiting, usagePercent, state, retries, throttles }) =>
      [waiting, usagePercent ?? 0, retries ?? 0, throttles ?? 0].some((number) => number > 0) || state !== 'well',
  );
  if (used.length === 0) return null;
  return (
    <section aria-label="Requests to Meta">
      <h2>Requests to Meta</h2>
      <table class="folds">
        <thead>
          <tr>
            <th>To</th>
            <th>How it is</th>
            <th class="number">Waiting</th>
            <th class="number">Rate limit used</th>
            <th class="number">Repeated</th>
            <th class="number">Slowed down</th>
          </tr>
        </thead>
        <tbody>
          {used.map(({ name, kind, state, sentence, trouble, waiting, usagePercent, retries = 0, throttles = 0 }) => (
            <tr key={name}>
              <td>
                <Data text={laneTitle({ kind, name })} />
              </td>
              <td>
                <Mark kind={state} /> <Data text={sentence} />
                {trouble?.until !== undefined && (
                  <span class="under">
                    tries again <When at={trouble.until} />
                  </span>
                )}
              </td>
              <td class="number" data-label="waiting">
                {count(waiting)}
              </td>
              <td class="number" data-label="rate limit used">
                {usagePercent === undefined ? '' : `${Math.round(usagePercent)}%`}
              </td>
              <td class="number" data-label="repeated">
                {count(retries)}
              </td>
              <td class="number" data-label="slowed down">
                {count(throttles)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
