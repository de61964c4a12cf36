import { Bar } from '../../parts/bar.tsx';
import { Empty } from '../../parts/empty.tsx';
import { count, percent } from '../../lib/numbers.ts';
import type { Destination } from '../api-types.ts';
import { skippedWords, wordsOf } from '../words.ts';

interface Row {
  readonly words: string;
  readonly code?: string;
  readonly number: number;
  readonly to?: string;
}

/** What became of the events of a destination since the start, by reason. */
export function Outcomes({ destination }: { readonly destination: Destination }) {
  const { sinceStart, skipped, setAside, failures, name } = destination;
  const rows: readonly Row[] = [
    { words: 'Accepted by Meta', number: sinceStart.delivered },
    ...largest(setAside).map(([code, number]) => ({
      words: `Set aside: ${wordsOf(code).toLowerCase()}`,
      code,
      number,
      to: `/dead-letters?${new URLSearchParams({ destination: name, code })}`,
    })),
    ...largest(skipped).map(([reason, number]) => ({ words: `Left out: ${skippedWords(reason)}`, number })),
  ];
  const whole = rows.reduce((sum, { number }) => sum + number, 0);
  const failed = largest(failures);
  return (
    <section aria-label="What became of its events">
      <h2>What became of its events since the start</h2>
      {whole === 0 ? (
        <Empty>No event was selected yet. The Workbench shows for an event why a trigger selects it or not.</Empty>
      ) : (
        <table class="outcomes">
          <thead>
            <tr>
              <th>Outcome</th>
              <th class="share">Share</th>
              <th class="number">Events</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ words, code, number, to }) => (
              <tr key={words}>
                <td>
                  {to === undefined ? words : <a href={to}>{words}</a>}
                  {code !== undefined && <code class="under">{code}</code>}
                </td>
                <td class="share">
                  <Bar share={number / whole} label={percent(number / whole)} />
                </td>
                <td class="number">{count(number)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {failed.length > 0 && (
        <p class="quiet small">
          Requests that failed: {failed.map(([code, number]) => `${count(number)} with ${code}`).join(', ')}.
        </p>
      )}
    </section>
  );
}

function largest(counts: Readonly<Record<string, number>>): readonly (readonly [string, number])[] {
  return Object.entries(counts).sort(([, a], [, b]) => b - a);
}
