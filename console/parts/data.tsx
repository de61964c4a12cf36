import { count } from '../lib/numbers.ts';
import { beginningOf, pieces } from '../lib/visible.ts';

/** Longer than any name or sentence that is meant to be read. */
export const longest = 500;

/** Text that strangers wrote: never markup, turned in no direction but its own, and nothing of it unseen. */
export function Data({ text, mono = false }: { readonly text: string; readonly mono?: boolean }) {
  return <bdi class={mono ? 'data mono' : 'data'}>{shown(text)}</bdi>;
}

/** The same without an element around it. */
export function shown(text: string, most = longest) {
  const beginning = beginningOf(text, most);
  return (
    <>
      {pieces(beginning).map(({ text: piece, hidden }) =>
        hidden ? (
          <span class="unseen" title="a character that can't be seen">
            {piece}
          </span>
        ) : (
          piece
        ),
      )}
      {beginning.length < text.length && (
        <span class="quiet"> … {count(text.length - beginning.length)} more characters</span>
      )}
    </>
  );
}
