import { setTimeout as sleep } from 'node:timers/promises';
import { isObject } from '../core/json.ts';
import { eventsOf } from './conversions/conversions-edge.ts';
import type { Judged } from './graph/edge.ts';
import type { DecidingEffect } from './faults/fault-effects.ts';
import type { FaultPlan, Faults } from './faults/faults.ts';
import {
  type AnswerContext,
  errorAnswer,
  type GraphAnswer,
  newTraceId,
  packedAnswer,
  rawAnswer,
  successAnswer,
} from './graph/graph-answer.ts';
import type { GraphCall } from './graph/graph-call.ts';
import type { GraphRouter } from './graph/graph-router.ts';
import type { SandboxRules } from './graph/options.ts';
import type { RequestEntry } from './graph/request-log.ts';
import type { UsageLevel, UseCase } from './graph/usage-headers.ts';

/** How a request ends: an answer, silence with the connection left open, or the connection reset. */
type GraphEnd = { readonly kind: 'answer'; readonly answer: GraphAnswer } | { readonly kind: 'silence' | 'reset' };

export interface GraphServiceParts {
  readonly rules: SandboxRules;
  readonly router: GraphRouter;
  readonly faults: Faults;
  readonly usage: () => UsageLevel;
  readonly useCase: (objectId: string) => UseCase;
}

/** Applies the active faults to a request, and between them judges and stores it. */
export type GraphService = (call: GraphCall, entry: RequestEntry, signal: AbortSignal) => Promise<GraphEnd>;

const silence: GraphEnd = { kind: 'silence' };
const reset: GraphEnd = { kind: 'reset' };

export function graphService({ rules, router, faults, usage, useCase }: GraphServiceParts): GraphService {
  return async (call, entry, signal) => {
    const plan = faults.plan({ path: entry.path, method: call.method, holds: (eventIds) => holdsAny(call, eventIds) });
    if (plan.deciding !== undefined) entry.fault = plan.deciding.kind;
    const effect = plan.deciding?.effect;
    const wait = plan.delayMillis + (effect?.kind === 'apply_late' ? effect.millis : 0);
    if (wait > 0 && !(await waited(wait, signal))) return reset;

    const version = call.path[0] ?? '';
    const objectId = call.path[1] ?? '';
    const fbtraceId = newTraceId(rules.random);
    const context: AnswerContext = { fbtraceId, version, usage: usage(), useCase: useCase(objectId) };
    const instead = endBeforeJudging(effect, plan, context, { nowMillis: rules.now(), objectId });
    if (instead !== undefined) return instead;
    const judged = withRefusal(router(call), effect);
    return finish(judged, effect, plan, context, entry.id);
  };
}

function endBeforeJudging(
  effect: DecidingEffect | undefined,
  plan: FaultPlan,
  context: AnswerContext,
  at: { readonly nowMillis: number; readonly objectId: string },
): GraphEnd | undefined {
  switch (effect?.kind) {
    case 'hang':
      return silence;
    case 'reset':
      return effect.applied ? undefined : reset;
    case 'raw':
      return answered(rawAnswer(effect.status, effect.contentType, effect.body, effect.location));
    case 'error':
      return answered(errorAnswer(effect.error(at), { ...context, usage: effect.usage ?? context.usage }, plan));
    default:
      return undefined;
  }
}

/** A refusal comes last of all rules: only what would have been accepted is refused. */
function withRefusal(judged: Judged, effect: DecidingEffect | undefined): Judged {
  if (judged.kind === 'refused' || effect?.kind !== 'refuse') return judged;
  return { kind: 'refused', error: effect.error };
}

function finish(
  judged: Judged,
  effect: DecidingEffect | undefined,
  plan: FaultPlan,
  context: AnswerContext,
  request: number,
): GraphEnd {
  const answer = answerFor(judged, effect, plan, context, request);
  switch (effect?.kind) {
    case 'reset':
      return reset;
    case 'empty':
      return answered({ ...answer, body: '' });
    case 'cut':
      return answered({ ...answer, body: answer.body.slice(0, Math.floor(answer.body.length / 2)) });
    case 'packed':
      return answered(packedAnswer(answer, effect.encoding));
    default:
      return answered(answer);
  }
}

function answerFor(
  judged: Judged,
  effect: DecidingEffect | undefined,
  plan: FaultPlan,
  context: AnswerContext,
  request: number,
): GraphAnswer {
  if (judged.kind === 'refused') return errorAnswer(judged.error, context, plan);
  const limit = effect?.kind === 'short' ? effect.value : undefined;
  return successAnswer(judged.apply(request, limit), judged.traced === true, context);
}

function answered(answer: GraphAnswer): GraphEnd {
  return { kind: 'answer', answer };
}

function holdsAny(call: GraphCall, eventIds: ReadonlySet<string>): boolean {
  return eventsOf(call).some((event) => isObject(event) && eventIds.has(String(event['event_id'])));
}

/** False when the sandbox closes meanwhile. */
async function waited(millis: number, signal: AbortSignal): Promise<boolean> {
  try {
    await sleep(millis, undefined, { signal });
    return true;
  } catch {
    return false;
  }
}
