import type { ShopEvent } from '../../../examples/shop-events.ts';
import type { Sandbox } from '../../sandbox/server.ts';
import type { SandboxState } from '../../sandbox/admin/state.ts';
import type { Counts } from './demo-summary.ts';

export interface Accounts {
  /** Every event ended as it should have. */
  readonly balanced: boolean;
  readonly text: string;
}

/** Compares what was produced with what the connector counted and what the sandbox received. */
export function accountFor(events: readonly ShopEvent[], counts: Counts, sandbox: Sandbox): Accounts {
  const kinds = new Map<string, number>();
  for (const { kind } of events) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  const produced = (kind: string) => kinds.get(kind) ?? 0;
  const { state } = sandbox;
  const { unique } = state.summary().events;
  const missing = events.filter(({ expected }) => expected !== undefined && state.received(expected.eventId) === 0);
  const deadLetters = [...counts.deadLetters.values()].reduce((sum, number) => sum + number, 0);
  const rows: readonly (readonly [name: string, actual: number, wanted: number])[] = [
    ['read', counts.read, events.length],
    ['delivered', counts.delivered, produced('valid')],
    ['distinct events at the sandbox', unique, produced('valid')],
    ['missing at the sandbox', missing.length, 0],
    ['dead letters', deadLetters, produced('invalid') + produced('undecodable')],
    ['tombstones', counts.tombstones, produced('tombstone')],
  ];
  const balanced = rows.every(([, actual, wanted]) => actual === wanted);
  const lines = rows.map(
    ([name, actual, wanted]) => `${actual === wanted ? '✓' : '✗'} ${name}: ${actual} of ${wanted}`,
  );
  const reasons = [...counts.deadLetters].map(([code, number]) => `    ${number} × ${code}`);
  const batches = [...counts.batches].map(([trigger, number]) => `${number} by ${trigger}`).join(', ');
  const unmatched = `  ${produced('unmatched')} events matched no trigger`;
  return {
    balanced,
    text: [
      ...lines,
      ...(reasons.length > 0 ? ['  dead letters by reason:', ...reasons] : []),
      unmatched,
      `  batches: ${batches}`,
      '',
      'one of the requests:',
      sampleRequest(state),
    ].join('\n'),
  };
}

const shownCharacters = 1500;

/** A request as the sandbox got it, shortened. */
function sampleRequest(state: SandboxState): string {
  const [first] = state.events();
  const request = state.requests().find(({ events }) => events > 0);
  if (first === undefined || request === undefined) return '  none was sent';
  const body = JSON.stringify({ data: [first.event] }, null, 2);
  const shown = body.length > shownCharacters ? `${body.slice(0, shownCharacters)}\n…` : body;
  return `${request.method} ${request.path} (${request.events} events, the first of them:)\n${shown}`;
}
