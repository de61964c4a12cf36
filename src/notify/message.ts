import { randomUUID } from 'node:crypto';
import { durationText } from '../core/duration-text.ts';
import type { Change, Condition, ConditionKind } from './condition.ts';

export interface MessageFacts {
  /** Unix milliseconds. */
  readonly now: number;
  /** What is to be added to times of the monotonic clock to make them Unix milliseconds. */
  readonly shift: number;
  readonly version: string;
  readonly instance: string;
  readonly group?: string;
  /** Conditions that hold now. */
  readonly open: number;
  /** Conditions that could not be told, because there were too many. */
  readonly leftOut: number;
}

/** What people read; `ends` completes `subject`. */
const words: { readonly [K in ConditionKind]: { readonly begins: string; readonly ends: string } } = {
  lane_blocked: { begins: 'is blocked', ends: 'sends again' },
  subscription_stopped: { begins: 'stands still: too much of it is rejected', ends: 'goes on' },
  partition_held: { begins: 'is not read', ends: 'is read again' },
  source_away: {
    begins: 'gives no records: no broker answers, or the group does not form',
    ends: 'gives records again',
  },
  schemas_missing: { begins: 'can not be had, so records wait', ends: 'can be had again' },
  dead_letters_fail: { begins: 'can not be written, so nothing is committed past them', ends: 'can be written again' },
  parking_fails: { begins: 'does not work, so nothing is committed past what is to be parked', ends: 'works again' },
  dead_letter_rate: { begins: 'are more than usual', ends: 'are few again' },
  window_short: { begins: 'will soon be used up: then every destination waits', ends: 'is large enough again' },
  retention_short: { begins: 'will soon be deleted by the broker', ends: 'are safe again' },
  version_ends: { begins: 'will be refused by Meta', ends: 'is no longer about to be refused' },
  token_ends: { begins: 'will soon be refused by Meta', ends: 'is good again' },
  reload_refused: { begins: 'was refused: the one before stays active', ends: 'was taken' },
};

const mostChanges = 50;
const longestText = 500;

/** The body of a message, as text. */
export function messageBody(format: 'json' | 'slack', changes: readonly Change[], facts: MessageFacts): string {
  return JSON.stringify(format === 'slack' ? slackMessage(changes, facts) : jsonMessage(changes, facts));
}

/** docs/operations.md describes it; members are added, never taken away or changed within a major version. */
function jsonMessage(changes: readonly Change[], facts: MessageFacts) {
  const { now, version, instance, group, open, leftOut } = facts;
  return {
    id: randomUUID(),
    at: new Date(now).toISOString(),
    sender: { program: 'meta-actions', version, instance, ...(group !== undefined && { group }) },
    text: textOf(changes, facts),
    changes: changes.slice(0, mostChanges).map((change) => shownChange(change, facts)),
    open,
    left_out: leftOut + Math.max(0, changes.length - mostChanges),
  };
}

function shownChange({ condition, state, since, ended, times }: Change, { shift }: MessageFacts) {
  const { kind, subject, destination, code, message, fix } = condition;
  const time = (at: number) => new Date(Math.round(at + shift)).toISOString();
  return {
    kind,
    state,
    subject: cut(subject),
    ...(destination !== undefined && { destination }),
    code,
    message: cut(message),
    ...(fix !== undefined && { fix: cut(fix) }),
    since: time(since),
    ...(ended !== undefined && { ended: time(ended) }),
    times,
  };
}

/** Slack's incoming webhooks take `text`, in which these three characters are markup (Slack: formatting message text). */
function slackMessage(changes: readonly Change[], facts: MessageFacts) {
  return { text: textOf(changes, facts).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;') };
}

/** A line for each change; fewer lines than a person would stop reading. */
function textOf(changes: readonly Change[], { instance, group, open }: MessageFacts): string {
  const lines = changes.slice(0, mostLines).map(lineOf);
  if (changes.length > mostLines) lines.push(`… and ${changes.length - mostLines} more.`);
  const where = group === undefined ? instance : `${group} on ${instance}`;
  const left = open === 0 ? 'Nothing is open.' : `${open} open.`;
  return [`meta-actions, ${where}:`, ...lines, left].join('\n');
}

const mostLines = 10;

function lineOf({ condition, state, since, ended, times }: Change): string {
  const { begins, ends } = words[condition.kind];
  const again = times > 1 ? ` (${times} times since the last message)` : '';
  if (state === 'ended') {
    const after = ended === undefined ? '' : `, after ${durationText(ended - since)}`;
    return cut(`✓ ${condition.subject} ${ends}${after}${again}.`);
  }
  return cut(`✗ ${condition.subject} ${begins}${again}. ${causeOf(condition)}`);
}

function causeOf({ code, message, fix }: Condition): string {
  return `${message} (${code})${fix === undefined ? '' : ` Fix: ${fix}`}`;
}

function cut(text: string): string {
  return text.length <= longestText ? text : `${text.slice(0, longestText - 1)}…`;
}
