import { ConnectorError } from '../../core/errors.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Locale } from '../graph/error-texts.ts';
import { type DecidingEffect, type FaultEffect, readEffect } from './fault-effects.ts';
import { type JsonMembers, jsonMembers } from '../graph/json-members.ts';
import type { SandboxRules } from '../graph/options.ts';

/** A fault as it is listed: what was asked for, and what became of it. */
interface FaultView {
  readonly id: number;
  readonly kind: string;
  readonly settings: JsonObject;
  /** Requests that it matched, and those that it was applied to. */
  readonly matched: number;
  readonly applied: number;
  /** Its times or seconds are used up. */
  readonly spent: boolean;
}

/** What the faults look at in a request. */
interface FaultTarget {
  readonly path: string;
  readonly method: string;
  /** True when an event of the request has one of these ids. */
  holds(eventIds: ReadonlySet<string>): boolean;
}

/** What the active faults do to one request. */
export interface FaultPlan {
  readonly delayMillis: number;
  readonly locale: Locale;
  readonly errorDataAsString: boolean;
  readonly deciding?: { readonly kind: string; readonly effect: DecidingEffect };
}

/**
 * Faults in the order in which they were added. Without `times` and `seconds` a fault stays until it is removed. A
 * request is decided by the first fault that applies; delays add up.
 */
export interface Faults {
  /** Throws `SANDBOX_REQUEST`, which names the member, for an invalid fault. */
  add(fault: unknown): FaultView;
  list(): readonly FaultView[];
  remove(id: number): boolean;
  clear(): void;
  plan(target: FaultTarget): FaultPlan;
}

interface Limits {
  readonly times: number | undefined;
  readonly after: number;
  readonly probability: number;
  readonly expiresAt: number | undefined;
  readonly path: string | undefined;
  readonly method: string | undefined;
  readonly eventIds: ReadonlySet<string> | undefined;
}

interface Fault {
  readonly id: number;
  readonly kind: string;
  readonly settings: JsonObject;
  readonly effect: FaultEffect;
  readonly limits: Limits;
  matched: number;
  applied: number;
}

const maxFaults = 1000;

export function createFaults(rules: Pick<SandboxRules, 'now' | 'random'>): Faults {
  let faults: Fault[] = [];
  let lastId = 0;

  function isSpent({ limits, applied }: Fault): boolean {
    if (limits.times !== undefined && applied >= limits.times) return true;
    return limits.expiresAt !== undefined && rules.now() >= limits.expiresAt;
  }

  /** Counts, so it is asked once per request. */
  function applies(fault: Fault, target: FaultTarget): boolean {
    if (isSpent(fault) || !matches(fault, target)) return false;
    fault.matched += 1;
    if (fault.matched <= fault.limits.after) return false;
    if (fault.limits.probability < 1 && rules.random() >= fault.limits.probability) return false;
    fault.applied += 1;
    return true;
  }

  function view(fault: Fault): FaultView {
    const { id, kind, settings, matched, applied } = fault;
    return { id, kind, settings, matched, applied, spent: isSpent(fault) };
  }

  return {
    add(value) {
      const members = jsonMembers(value, 'fault');
      const kind = members.text('kind');
      const effect = readEffect(kind, members);
      const limits = readLimits(members, rules.now());
      members.done();
      if (faults.length >= maxFaults) throw new ConnectorError('SANDBOX_REQUEST', `at most ${maxFaults} faults`);
      lastId += 1;
      const { kind: _, ...settings } = value as JsonObject;
      const fault: Fault = { id: lastId, kind: kind ?? '', settings, effect, limits, matched: 0, applied: 0 };
      faults.push(fault);
      return view(fault);
    },
    list: () => faults.map(view),
    remove(id) {
      const before = faults.length;
      faults = faults.filter((fault) => fault.id !== id);
      return faults.length < before;
    },
    clear() {
      faults = [];
    },
    plan(target) {
      let plan: FaultPlan = { delayMillis: 0, locale: 'en', errorDataAsString: false };
      for (const fault of faults) {
        if (plan.deciding !== undefined && isDeciding(fault.effect)) continue;
        if (applies(fault, target)) plan = withEffect(plan, fault.kind, fault.effect);
      }
      return plan;
    },
  };
}

function matches({ effect, limits }: Fault, target: FaultTarget): boolean {
  if (limits.path !== undefined && !target.path.includes(limits.path)) return false;
  if (limits.method !== undefined && limits.method !== target.method) return false;
  if (limits.eventIds !== undefined && !target.holds(limits.eventIds)) return false;
  return effect.kind !== 'refuse' || target.holds(effect.eventIds);
}

function isDeciding(effect: FaultEffect): effect is DecidingEffect {
  return effect.kind !== 'delay' && effect.kind !== 'locale' && effect.kind !== 'error_data';
}

function withEffect(plan: FaultPlan, kind: string, effect: FaultEffect): FaultPlan {
  if (effect.kind === 'delay') return { ...plan, delayMillis: plan.delayMillis + effect.millis };
  if (effect.kind === 'locale') return { ...plan, locale: effect.locale };
  if (effect.kind === 'error_data') return { ...plan, errorDataAsString: true };
  return { ...plan, deciding: { kind, effect } };
}

function readLimits(members: JsonMembers, nowMillis: number): Limits {
  const seconds = members.number('seconds', 0);
  const match = members.object('match');
  const eventIds = match?.texts('event_id');
  const path = match?.text('path');
  const method = match?.oneOf('method', ['GET', 'POST', 'DELETE']);
  match?.done();
  return {
    times: members.number('times', 1),
    after: members.number('after', 0) ?? 0,
    probability: members.number('probability', 0) ?? 1,
    expiresAt: seconds === undefined ? undefined : nowMillis + seconds * 1000,
    path,
    method,
    eventIds: eventIds === undefined ? undefined : new Set(eventIds),
  };
}
