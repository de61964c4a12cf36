import { namesIn } from '../lib/names-in-text.ts';
import { Data, longest, shown } from './data.tsx';

/** What to do: as `Data`, with the names of settings and commands as code. */
export function Advice({ text }: { readonly text: string }) {
  if (text.length > longest) return <Data text={text} />;
  return (
    <bdi class="data">
      {namesIn(text).map(({ text: piece, isName }) => (isName ? <code>{shown(piece)}</code> : shown(piece)))}
    </bdi>
  );
}
