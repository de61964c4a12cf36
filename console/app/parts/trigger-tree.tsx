import { shown } from '../../parts/data.tsx';
import type { TriggerTree as Tree } from '../api-types.ts';

/** A trigger as it was asked of one event: each condition, whether it holds, and what it saw. */
export function TriggerTree({ tree }: { readonly tree: Tree }) {
  return (
    <ul class="tree">
      <Node tree={tree} />
    </ul>
  );
}

function Node({ tree }: { readonly tree: Tree }) {
  const { text, kind, matched, parts = [] } = tree;
  const joins = kind === 'and' || kind === 'or' || kind === 'not';
  return (
    <li class={matched ? 'met' : 'unmet'}>
      <span class="holds" aria-hidden="true">
        {matched ? '✓' : '✗'}
      </span>
      <span class="hidden-visually">{matched ? 'holds: ' : "doesn't hold: "}</span>
      <code>{joins ? joined[kind] : shown(text)}</code>
      {!joins && <Saw tree={tree} />}
      {joins && (
        <ul>
          {parts.map((part, index) => (
            <Node key={index} tree={part} />
          ))}
        </ul>
      )}
    </li>
  );
}

const joined = { and: 'all of', or: 'any of', not: 'not' } as const;

/** What stood on the other side; nothing where the condition holds by being equal to what is written. */
function Saw({ tree: { kind, saw = [], value, matched, operator } }: { readonly tree: Tree }) {
  if (kind === 'literal') return null;
  const seen = kind === 'path' ? [value] : saw;
  if (seen.length === 0 || (matched && operator === '=')) return null;
  return (
    <span class="saw">
      {' '}
      saw {shown(seen[0] === null || seen[0] === undefined ? 'nothing there' : JSON.stringify(seen[0]))}
    </span>
  );
}
