import { Advice } from '../../parts/advice.tsx';
import { shown } from '../../parts/data.tsx';
import { Mark } from '../../parts/state.tsx';
import { plural } from '../../lib/numbers.ts';
import type { ExplainedDelivery } from '../api-types.ts';
import { sentValues } from '../sent-values.ts';
import { RequestBody } from './request-body.tsx';

interface ExplainedProps {
  readonly delivery: ExplainedDelivery;
  /** A code that the page has told of already. */
  readonly known?: string;
}

/** What is sent of an event: the very request, the fields, and how identifiers became hashes. */
export function Explained({ delivery, known }: ExplainedProps) {
  const { request, error, warnings } = delivery;
  return (
    <>
      {error !== undefined && error.code !== known && (
        <p class="refusal">
          <Mark kind="blocked" /> <strong>{shown(error.message)}</strong>
          {error.fix !== undefined && (
            <span class="under">
              <Advice text={error.fix} />
            </span>
          )}
          <code class="under">
            {error.code}
            {error.field !== undefined && `, field ${error.field}`}
          </code>
        </p>
      )}
      {warnings.map(({ code, message, field }) => (
        <p key={`${code} ${field}`} class="small">
          <Mark kind="slowed" /> {shown(message)}
        </p>
      ))}
      {request !== undefined && <RequestBody request={request} />}
      <Fields delivery={delivery} />
    </>
  );
}

function Fields({ delivery }: { readonly delivery: ExplainedDelivery }) {
  const rows = sentValues(delivery);
  if (rows.length === 0) return null;
  const isHashing = rows.some(({ normalized }) => normalized.length > 0);
  const isSent = delivery.request !== undefined;
  return (
    <details class="fields" open={isSent}>
      <summary>{plural(rows.length, 'field')}</summary>
      <div class="scroll">
        <table>
          <thead>
            <tr>
              <th>Field</th>
              <th>From the event</th>
              {isHashing && <th>Normalized</th>}
              {isSent && <th>Sent</th>}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ field, from, value, normalized, sent }) => (
              <tr key={field}>
                <td>
                  <code>{field}</code>
                  {from !== undefined && from !== 'default' && (
                    <span class="under">{from === 'both' ? 'mapping, default' : from}</span>
                  )}
                </td>
                <td class="mono">{short(single(value))}</td>
                {isHashing && <td class="mono">{normalized.map((each) => short(each))}</td>}
                {isSent && <td class="mono">{short(single(sent))}</td>}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}

/** Identifiers are sent in lists, mostly of one. */
function single(sent: unknown): unknown {
  return Array.isArray(sent) && sent.length === 1 && typeof sent[0] === 'string' ? sent[0] : sent;
}

const shownCharacters = 60;

function short(value: unknown) {
  if (value === undefined) return <span class="quiet">–</span>;
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  if (/^[0-9a-f]{64}$/.test(text)) return <span title={text}>{text.slice(0, 8)}…</span>;
  return text.length > shownCharacters ? <>{shown(text.slice(0, shownCharacters))}…</> : shown(text);
}
