import type { SourceRecord } from '../../src/core/record.ts';
import type { createExplainer, Explanation } from '../../src/explain/explain-event.ts';
import type { Decision } from '../../src/pipeline/route/plan.ts';

/** `offset destination/subscription what`, one text for each thing that becomes of a record. */
export type Told = string;

export function toldOf(offset: number, what: string, destination = '', subscription = ''): Told {
  return `${offset} ${destination}/${subscription} ${what}`;
}

export function toldByPlan({ offset }: SourceRecord, decisions: readonly Decision[]): readonly Told[] {
  return decisions.flatMap((decision): readonly Told[] => {
    if (decision.kind === 'empty') return [toldOf(offset, `skip ${decision.reason}`)];
    if (decision.kind === 'undecodable') return [toldOf(offset, `letter ${decision.failure.code}`)];
    if (decision.kind === 'orphaned') {
      const { destination, subscription } = decision.parked;
      return [toldOf(offset, `letter ${decision.failure.code}`, destination, subscription)];
    }
    const names = [decision.destination.name, decision.subscription.id] as const;
    switch (decision.kind) {
      case 'deliver':
        return [toldOf(offset, `send ${decision.ready.body}`, ...names)];
      case 'skip':
        return [toldOf(offset, `skip ${decision.reason}`, ...names)];
      case 'reject':
        return [toldOf(offset, `letter ${decision.failure.code}`, ...names)];
      default: {
        const { updates, failure } = decision;
        const rows = updates.flatMap(({ changes }) => changes.flatMap((change) => change.rows.map(() => 'row')));
        const letter = failure === undefined ? [] : [toldOf(offset, `letter ${failure.code}`, ...names)];
        return [...rows.map((row) => toldOf(offset, row, ...names)), ...letter];
      }
    }
  });
}

type Explain = ReturnType<typeof createExplainer>;

export function toldByExplain(record: SourceRecord, explain: Explain): readonly Told[] {
  return [...explain(record, 0)].flatMap((explanation) => toldByExplanation(record, explanation));
}

function toldByExplanation(
  { offset, parked }: SourceRecord,
  { error, deliveries, skipped }: Explanation,
): readonly Told[] {
  const ofRecord = error?.code === 'SUBSCRIPTION_REMOVED' ? ([parked?.destination, parked?.subscription] as const) : [];
  return [
    ...(error === undefined ? [] : [toldOf(offset, `letter ${error.code}`, ...ofRecord)]),
    ...deliveries.flatMap(({ destination, subscription, request, error: failure }): readonly Told[] => {
      if (failure !== undefined) return [toldOf(offset, `letter ${failure.code}`, destination, subscription)];
      const { data, payload } = (request?.body ?? {}) as {
        data?: readonly unknown[];
        payload?: { data: readonly unknown[] };
      };
      const texts = payload?.data.map(() => 'row') ?? data?.map((event) => `send ${JSON.stringify(event)}`) ?? [];
      return texts.map((text) => toldOf(offset, text, destination, subscription));
    }),
    ...skipped.flatMap(({ destination, subscription, reason }) =>
      reason === 'trigger' ? [] : [toldOf(offset, `skip ${reason}`, destination, subscription)],
    ),
  ];
}
