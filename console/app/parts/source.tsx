import { Data } from '../../parts/data.tsx';
import { count, plural } from '../../lib/numbers.ts';
import type { Partitions } from '../api-types.ts';
import { useApi } from '../api.ts';
import { behindText } from '../words.ts';

type Partition = Partitions['partitions'][number];

const states: Readonly<Record<Partition['state'], string>> = {
  reading: 'reading',
  paused: 'paused',
  waiting: 'waiting',
};

/** Where events come from, and how far behind the reading is. */
export function Source() {
  const { value } = useApi<Partitions>('/partitions', 5000);
  if (value === undefined || value.partitions.length === 0) return null;
  const { partitions } = value;
  const isShared = partitions.some(({ worker }) => worker !== undefined);
  return (
    <section aria-label="Source">
      <h2>Source</h2>
      <details>
        <summary>
          {plural(partitions.length, 'partition')}: {behindText(partitions)}
        </summary>
        <div class="scroll">
          <table>
            <thead>
              <tr>
                <th>Partition</th>
                <th>State</th>
                {isShared && <th>Worker</th>}
                <th class="number">Behind</th>
                <th class="number">In flight</th>
                <th class="number">Committed</th>
              </tr>
            </thead>
            <tbody>
              {partitions.map(({ topic, partition, state, reason, lag: own, inFlight, committed, worker }) => (
                <tr key={`${topic}/${partition}`}>
                  <td>
                    <Data text={topic} /> {partition}
                  </td>
                  <td>
                    {states[state]}
                    {reason !== undefined && <span class="under">{reason}</span>}
                  </td>
                  {isShared && <td>{worker}</td>}
                  <td class="number">{own === undefined ? '' : count(own)}</td>
                  <td class="number">{count(inFlight)}</td>
                  <td class="number">{count(committed)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </section>
  );
}
