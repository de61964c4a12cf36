import { useEffect, useMemo, useRef } from 'preact/hooks';
import { Copy } from './copy.tsx';
import { shown } from './data.tsx';
import { jsonLines } from './json-lines.ts';

/** Of one value; Copy has all of it. */
const longestValue = 4_000;

interface JsonProps {
  readonly value: unknown;
  readonly label: string;
  /** Paths that are at fault, with why. */
  readonly faults?: Readonly<Record<string, string>>;
}

/** A body or an event to read, with what is at fault marked in its place. */
export function Json({ value, label, faults = {} }: JsonProps) {
  const box = useRef<HTMLElement>(null);
  const { lines, cut } = useMemo(() => jsonLines(value), [value]);
  const marked = new Map(Object.entries(faults).map(([path, why]) => [nearest(path, lines), why]));
  const isMarked = marked.size > 0;
  useEffect(() => {
    const fault = box.current?.querySelector<HTMLElement>('.fault');
    if (fault != null && box.current !== null) box.current.scrollTop = fault.offsetTop - box.current.clientHeight / 2;
  }, [isMarked, value]);
  return (
    <div class="framed">
      <Copy text={JSON.stringify(value, null, 2)} />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and must scroll by the keyboard, too. */}
      <section ref={box} class="body" aria-label={label} tabIndex={0}>
        <pre>
          {lines.map(({ path, indent, name, text, comma }, index) => {
            const why = opens(text) ? marked.get(path) : undefined;
            return (
              <span key={index} class={why === undefined ? 'line' : 'line fault'}>
                {'  '.repeat(indent)}
                {name !== undefined && <span class="name">{shown(name)}: </span>}
                {shown(text, longestValue)}
                {comma && ','}
                {why !== undefined && <span class="why"> ◂ {shown(why)}</span>}
              </span>
            );
          })}
          {cut && <span class="line quiet">… the rest is not shown; Copy has all of it</span>}
        </pre>
      </section>
    </div>
  );
}

function opens(text: string): boolean {
  return text !== '}' && text !== ']';
}

/** What is missing is marked where it should stand: at the nearest that is there. */
function nearest(path: string, lines: readonly { readonly path: string }[]): string {
  const there = new Set(lines.map((line) => line.path));
  let found = path;
  while (found !== '' && !there.has(found)) found = found.includes('.') ? found.slice(0, found.lastIndexOf('.')) : '';
  return found;
}
