import { useMemo, useState } from 'preact/hooks';
import { Copy } from '../../parts/copy.tsx';
import { shown } from '../../parts/data.tsx';
import { Json } from '../../parts/json.tsx';
import { count } from '../../lib/numbers.ts';
import type { ExplainedDelivery } from '../api-types.ts';

/** Of one line, which a browser breaks; Copy has all of it. */
const longestLine = 100_000;

/** The request in lines for people, or byte for byte as Meta gets it. */
export function RequestBody({ request }: { readonly request: NonNullable<ExplainedDelivery['request']> }) {
  const [exact, setExact] = useState(false);
  const { method, path, body } = request;
  const text = useMemo(() => JSON.stringify(body), [body]);
  const hides = text.includes('"[hidden]"');
  return (
    <>
      <div class="head">
        <h3>The request</h3>
        <fieldset class="choices">
          <legend class="hidden-visually">How the request is shown</legend>
          <button type="button" aria-pressed={!exact} onClick={() => setExact(false)}>
            In lines
          </button>
          <button type="button" aria-pressed={exact} onClick={() => setExact(true)}>
            As sent
          </button>
        </fieldset>
      </div>
      <p class="mono request">
        {method} {path}
      </p>
      {exact ? (
        <>
          <div class="framed">
            <Copy text={text} />
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and must scroll by the keyboard, too. */}
            <section class="body" aria-label="Body of the request" tabIndex={0}>
              <pre class="line">{shown(text, longestLine)}</pre>
            </section>
          </div>
          <p class="quiet small">
            {hides
              ? 'Byte for byte, but for the identifiers that are hidden here.'
              : `Byte for byte: ${count(new TextEncoder().encode(text).length)} bytes.`}
          </p>
        </>
      ) : (
        <Json value={body} label="Body of the request" />
      )}
    </>
  );
}
