import type { ComponentChildren } from 'preact';
import { shortCount } from '../lib/numbers.ts';

export interface FunnelStep {
  readonly name: string;
  readonly value: number;
  /** What became of the rest. */
  readonly rest?: ComponentChildren;
  /** Stands beside the way, not on it. */
  readonly lost?: boolean;
}

const height = 48;

/** Each step as high as its share, and what flows into the next. */
export function Funnel({ steps }: { readonly steps: readonly FunnelStep[] }) {
  const highest = Math.max(...steps.map(({ value }) => value), 1);
  const heightOf = (value: number) => (value === 0 ? 0 : Math.max(1.5, (value / highest) * height));
  return (
    <div class="funnel">
      {steps.map(({ name, value, rest, lost = false }, index) => {
        const next = steps[index + 1];
        const own = heightOf(value);
        const follows = lost || next === undefined || next.lost === true ? own : heightOf(next.value);
        return (
          <div class={lost ? 'step lost' : 'step'} key={name}>
            <span class="name">{name}</span>
            <span class="value">{shortCount(value)}</span>
            <svg class="flow" viewBox={`0 0 100 ${height}`} preserveAspectRatio="none" aria-hidden="true">
              <path d={flow(own, follows)} />
            </svg>
            <span class="rest">{rest}</span>
          </div>
        );
      })}
    </div>
  );
}

/** A band that stands on the ground and goes over into the height of the next. */
function flow(from: number, to: number): string {
  const [left, right] = [height - from, height - to];
  return `M0 ${left}H60C80 ${left} 80 ${right} 100 ${right}V${height}H0z`;
}
