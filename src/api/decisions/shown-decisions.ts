import type { SourceRecord } from '../../core/record.ts';
import { outlineOf } from '../dead-letters/shown-dead-letter.ts';
import type { decisionShape } from '../contract/explain.ts';
import type { Of } from '../contract/shape.ts';
import type { Decision, RecordPlan } from '../../pipeline/route/plan.ts';

export type ShownDecision = Of<typeof decisionShape>;

/** What was decided about an event, one for each subscription that it matches; at least one, unless it holds several. */
export function shownDecisions(record: SourceRecord, plan: RecordPlan, at: number): readonly ShownDecision[] {
  const { decoded, decisions } = plan;
  if (decoded?.kind === 'several') return [];
  const { topic, partition, offset } = record;
  const place = { at, topic, partition, offset, ...outlineOf(decoded?.kind === 'event' ? decoded.event : undefined) };
  if (decisions.length === 0) return [{ ...place, outcome: 'no_match', text: 'No trigger matches.' }];
  return decisions.map((decision) => ({ ...place, ...inWords(decision) }));
}

function inWords(
  decision: Decision,
): Pick<ShownDecision, 'outcome' | 'text' | 'code' | 'destination' | 'subscription' | 'action'> {
  switch (decision.kind) {
    case 'empty':
      return { outcome: 'skipped', code: decision.reason, text: 'There is no event in it.' };
    case 'undecodable':
    case 'orphaned':
      return { outcome: 'undecodable', code: decision.failure.code, text: decision.failure.message };
    default: {
      const { destination, subscription } = decision;
      const { action } = subscription;
      const names = { destination: destination.name, subscription: subscription.id, action: action.key };
      if (decision.kind === 'skip') {
        return {
          ...names,
          outcome: 'skipped',
          code: decision.reason,
          text: `Not sent: ${reasonText(decision.reason)}.`,
        };
      }
      if (decision.kind === 'reject') {
        return { ...names, outcome: 'rejected', code: decision.failure.code, text: decision.failure.message };
      }
      const { title } = action.definition;
      if (decision.kind === 'deliver') return { ...names, outcome: 'sent', text: `On its way as ${title}.` };
      const changes = decision.updates.reduce((sum, update) => sum + update.changes.length, 0);
      const text =
        changes === 1 ? 'A change of an audience is on its way.' : `${changes} changes of audiences are on their way.`;
      return { ...names, outcome: 'sent', text };
    }
  }
}

/** `no_membership` as people read it. */
function reasonText(reason: string): string {
  return reason.replaceAll('_', ' ');
}
