import { pieces } from '../lib/visible.ts';

/** Text that strangers wrote: never markup, turned in no direction but its own, and nothing of it unseen. */
export function Data({ text, mono = false }: { readonly text: string; readonly mono?: boolean }) {
  return <bdi class={mono ? 'data mono' : 'data'}>{shown(text)}</bdi>;
}

/** The same without an element around it. */
export function shown(text: string) {
  return pieces(text).map(({ text: piece, hidden }) =>
    hidden ? (
      <span class="unseen" title="a character that can't be seen">
        {piece}
      </span>
    ) : (
      piece
    ),
  );
}
