import { ago, atClock, exactly, useNow } from '../lib/times.ts';

/** A point in time as readers say it, with the exact one behind it. */
export function When({ at }: { readonly at: number | undefined }) {
  const now = useNow();
  if (at === undefined) return <span class="quiet">never</span>;
  return (
    <time dateTime={new Date(at).toISOString()} title={exactly(at)}>
      {ago(at, now)}
    </time>
  );
}

export function Clock({ at }: { readonly at: number }) {
  return (
    <time class="number" dateTime={new Date(at).toISOString()} title={exactly(at)}>
      {atClock(at)}
    </time>
  );
}
