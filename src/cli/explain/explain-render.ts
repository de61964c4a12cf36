import { renderTrace } from '../../trigger/render-trace.ts';
import type { TriggerTrace } from '../../trigger/trace.ts';
import type {
  EventOutline,
  ExplainedDelivery,
  ExplainedError,
  ExplainedSkip,
  Explanation,
} from '../../explain/explain-event.ts';
import type { ExplainedFields } from '../../explain/explain-fields.ts';

/** An explanation for people. */
export function renderExplanation({ event, error, deliveries, skipped }: Explanation): string {
  return [
    renderOutline(event),
    ...(error === undefined ? [] : renderError('  ✗', error)),
    ...deliveries.flatMap(renderDelivery),
    ...skipped.flatMap(renderSkip),
  ].join('\n');
}

export function renderOutline({ index, position, type, event, messageId }: EventOutline): string {
  const name = event === undefined ? '' : ` ${JSON.stringify(event)}`;
  const id = messageId === undefined ? '' : ` (messageId ${JSON.stringify(messageId)})`;
  const within = position === undefined ? '' : ` (number ${position} of its record)`;
  return `event ${index}${within}: ${typeof type === 'string' ? type : 'not an event'}${name}${id}`;
}

function renderDelivery(delivery: ExplainedDelivery): readonly string[] {
  const { error, request, trigger, fields, identifiers, warnings } = delivery;
  const head = `${delivery.subscription} (${delivery.action} → ${delivery.destination})`;
  return [
    ...(request === undefined ? [] : [`  ✓ ${head}: ${request.method} ${request.path}`]),
    ...(error === undefined ? [] : renderError(`  ✗ ${head}:`, error)),
    ...warnings.map(({ code, message }) => `      warning: ${message} [${code}]`),
    ...(trigger === undefined ? [] : ['      trigger', ...indentedTrace(trigger)]),
    ...(fields === undefined ? [] : ['      fields', ...renderFields(fields)]),
    ...(identifiers === undefined ? [] : ['      before hashing', ...renderIdentifiers(identifiers)]),
    ...(request === undefined ? [] : ['      body', indented(JSON.stringify(request.body, null, 2))]),
  ];
}

function renderSkip({ destination, subscription, reason, trigger }: ExplainedSkip): readonly string[] {
  const head = subscription === '' ? 'the record' : `${subscription} (→ ${destination})`;
  return [`  – ${head}: not sent (${reason})`, ...(trigger === undefined ? [] : indentedTrace(trigger))];
}

export function renderError(head: string, { message, code, fix }: ExplainedError): readonly string[] {
  return [`${head} dead letter: ${message} [${code}]`, ...(fix === undefined ? [] : [`      fix: ${fix}`])];
}

function indentedTrace(trace: TriggerTrace): readonly string[] {
  return [indented(renderTrace(trace))];
}

export function indented(text: string): string {
  return text.replace(/^/gm, '        ');
}

const shownCharacters = 100;

function renderFields(fields: ExplainedFields): readonly string[] {
  const rows = Object.entries(fields);
  const width = Math.max(...rows.map(([name]) => name.length), 0);
  return rows.map(([name, { from, value }]) => {
    const text = value === undefined ? '(nothing found)' : shortened(JSON.stringify(value));
    return `        ${name.padEnd(width)}  ${text}   ${origins[from]}`;
  });
}

const origins = { default: 'by default', mapping: 'mapped', both: 'by default and mapped' } as const;

function shortened(text: string): string {
  return text.length > shownCharacters ? `${text.slice(0, shownCharacters)}…` : text;
}

function renderIdentifiers(identifiers: Readonly<Record<string, readonly string[]>>): readonly string[] {
  const width = Math.max(...Object.keys(identifiers).map((name) => name.length), 0);
  return Object.entries(identifiers).map(([name, values]) => `        ${name.padEnd(width)}  ${values.join(', ')}`);
}
