import { useMemo } from 'preact/hooks';
import { Chart } from '../../parts/chart.tsx';
import { Waiting } from '../../parts/empty.tsx';
import { rate } from '../../lib/numbers.ts';
import type { Place } from '../../lib/router.ts';
import { duration } from '../../lib/times.ts';
import type { History } from '../api-types.ts';
import { address, useApi } from '../api.ts';
import { drawn } from '../history.ts';
import { rangeOf, TimeRange } from './time-range.tsx';

interface HistoryChartsProps {
  readonly place: Place;
  /** Of the whole process without it; delays are known only of that. */
  readonly destination?: string;
  /** When the process started: before it there is nothing to draw. */
  readonly since: number | undefined;
}

export function HistoryCharts({ place, destination, since = 0 }: HistoryChartsProps) {
  const range = rangeOf(place);
  const path = address('/history', { range, destination });
  const { value, error } = useApi<History>(path, range === '10m' ? 2000 : 30_000);
  const lines = useMemo(() => value && drawn(value, since), [value, since]);
  const whole = destination === undefined;
  return (
    <section aria-label="Over time">
      <div class="head">
        <h2>{range === '10m' ? 'The last 10 minutes' : 'The last 24 hours'}</h2>
        <TimeRange place={place} />
      </div>
      {lines === undefined ? (
        <Waiting error={error} />
      ) : (
        <div class={whole ? 'charts' : undefined}>
          <Chart
            title={whole ? 'Events' : undefined}
            label={`${whole ? 'Events read and' : 'Events'} accepted by Meta, a second, over time`}
            times={lines.times}
            series={[
              { name: 'accepted', values: lines.delivered, colour: 'text' },
              whole
                ? { name: 'read', values: lines.read, colour: 'quiet' }
                : { name: 'set aside', values: lines.setAside, colour: 'blocked' },
            ]}
            format={rate}
          />
          {whole && (
            <Chart
              title="Delay until accepted"
              label="Time from an event until Meta accepted it, over time: half of them, and 99 of 100"
              times={lines.times}
              series={[
                { name: 'half within', values: lines.p50, colour: 'text' },
                { name: '99% within', values: lines.p99, colour: 'quiet' },
              ]}
              format={duration}
            />
          )}
        </div>
      )}
    </section>
  );
}
