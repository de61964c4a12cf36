import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import uPlot from 'uplot';
import { atClock, atMinute } from '../lib/times.ts';
import { useTheme } from '../lib/theme.ts';

export interface ChartSeries {
  readonly name: string;
  readonly values: readonly (number | null)[];
  /** A colour of tokens.css. */
  readonly colour: 'text' | 'quiet' | 'blocked';
  /** Bars, above the line or below it, of what was counted in each span of time; above the chart stands their sum. */
  readonly bars?: boolean;
}

interface ChartProps {
  readonly title?: string | undefined;
  /** What the chart shows, for who can't see it. */
  readonly label: string;
  /** Unix seconds, as uplot wants them. */
  readonly times: readonly number[];
  readonly series: readonly ChartSeries[];
  readonly format: (value: number) => string;
}

const height = 132;

/** One or two lines over time. Above them stands what they are at the pointer, else at the end. */
export function Chart({ title, label, times, series, format }: ChartProps) {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(undefined);
  const [pointed, setPointed] = useState<number>();
  const theme = useTheme();
  const shape = series.map(({ name, colour, bars }) => `${name}/${colour}/${bars}`).join();
  const data = useMemo(() => [times, ...series.map(({ values }) => values)] as uPlot.AlignedData, [times, series]);
  const latest = useRef(data);
  latest.current = data;

  useEffect(() => {
    const element = box.current;
    if (element === null) return undefined;
    const created = new uPlot(optionsOf(element, series, format, setPointed), latest.current, element);
    plot.current = created;
    const watch = new ResizeObserver(() => created.setSize({ width: element.clientWidth, height }));
    watch.observe(element);
    return () => {
      watch.disconnect();
      created.destroy();
      plot.current = undefined;
    };
  }, [shape, theme]);

  useEffect(() => plot.current?.setData(data), [data]);

  const at = pointed ?? times.length - 1;
  return (
    <div class="chart">
      {title !== undefined && <h3>{title}</h3>}
      <div class="reading">
        {series.map(({ name, values, colour, bars = false }, index) => (
          <span key={name}>
            <span class={`swatch ${colour}${index === 1 && !bars ? ' second' : ''}`} />
            {name}{' '}
            <b>
              {pointed === undefined && bars ? format(sum(values)) : valueAt(values, at, pointed === undefined, format)}
            </b>
          </span>
        ))}
        {pointed !== undefined && <span class="when">{atClock((times[pointed] ?? 0) * 1000)}</span>}
      </div>
      <div class="plot" ref={box} role="img" aria-label={label} />
    </div>
  );
}

/** At the end of the line the last that is known; a delay is known only where something was delivered. */
function valueAt(
  values: readonly (number | null)[],
  at: number,
  isEnd: boolean,
  format: (value: number) => string,
): string {
  const value = isEnd ? values.findLast((each) => each !== null) : values[at];
  return value === null || value === undefined ? '–' : format(value);
}

function sum(values: readonly (number | null)[]): number {
  return values.reduce((total: number, value) => total + (value ?? 0), 0);
}

/** From nothing, or from the lowest bar, to a little above the highest. */
function heightOf(low: number, high: number): uPlot.Range.MinMax {
  return [Math.min(0, low * 1.15), Math.max(high * 1.15, 0.001)];
}

function optionsOf(
  element: HTMLElement,
  series: readonly ChartSeries[],
  format: (value: number) => string,
  point: (index: number | undefined) => void,
): uPlot.Options {
  const style = getComputedStyle(element);
  const colour = (name: string) => resolved(element, style.getPropertyValue(`--${name}`));
  const [line, quiet] = [colour('line'), colour('quiet')];
  const axis = { stroke: quiet, font: `11px ${style.fontFamily}`, ticks: { show: false } };
  return {
    width: element.clientWidth,
    height,
    padding: [6, 2, 0, 0],
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, points: { size: 6 }, sync: { key: 'page' } },
    scales: { y: { range: (_plot, low, high) => heightOf(low, high) } },
    axes: [
      {
        ...axis,
        grid: { show: false },
        size: 22,
        space: 90,
        values: (plot, ticks) => ticks.map((tick) => onAxis(plot, tick)),
      },
      {
        ...axis,
        grid: { stroke: line, width: 1 },
        size: 50,
        space: 36,
        gap: 6,
        values: (_plot, ticks) => ticks.map(format),
      },
    ],
    series: [
      {},
      ...series.map((each, index) => ({
        stroke: colour(each.colour),
        ...(each.bars === true ? barsOf(colour(each.colour)) : lineOf(index === 0 ? colour('sunken') : undefined)),
        points: { show: false },
      })),
    ],
    hooks: { setCursor: [(plot) => point(plot.cursor.idx ?? undefined)] },
  };
}

/** The first line with what is below it filled, the second dotted. */
function lineOf(fill: string | undefined): Partial<uPlot.Series> {
  return { width: 1.5, spanGaps: true, ...(fill === undefined ? { dash: [2, 3] } : { fill }) };
}

function barsOf(fill: string): Partial<uPlot.Series> {
  const paths = uPlot.paths.bars?.({ size: [0.7, 14], align: 1 });
  return { width: 0, fill, ...(paths !== undefined && { paths }) };
}

const fewMinutes = 300;

/** Seconds only where minutes would say the same over and over. */
function onAxis({ scales }: uPlot, tick: number): string {
  const { min, max } = scales['x'] ?? {};
  const span = (max ?? 0) - (min ?? 0);
  // There is no room for it at the very end.
  if (tick > (max ?? 0) - span * 0.07) return '';
  return span < fewMinutes ? atClock(tick * 1000) : atMinute(tick * 1000);
}

/** What a canvas can draw with: `light-dark()` is the style sheet's. */
function resolved(element: HTMLElement, colour: string): string {
  const probe = document.createElement('span');
  probe.style.color = colour;
  element.append(probe);
  const found = getComputedStyle(probe).color;
  probe.remove();
  return found;
}
