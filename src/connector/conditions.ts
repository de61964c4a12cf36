import type { LaneStatus } from '../core/lane-state.ts';
import type { Source } from '../core/source.ts';
import type { Condition } from '../notify/condition.ts';
import type { Pipeline } from '../pipeline/pipeline-types.ts';
import type { VersionEnding } from './api-version-watch.ts';
import type { TokenEnding } from './token-watch.ts';

/** Events may name audiences without number. */
const mostNamed = 50;
const windowSeconds = 1_800;
const retentionSeconds = 7_200;

/** What holds just now and somebody would want to be told: as `/readyz` has it, thing by thing. */
export function conditionsOf(
  lanes: readonly LaneStatus[],
  source: Pick<Source, 'ready' | 'held' | 'waits'>,
  pipeline: Pick<Pipeline, 'deadLettersFail' | 'parkingFails' | 'windowSecondsLeft' | 'retentionSecondsLeft'>,
  endings: readonly VersionEnding[],
  tokens: readonly TokenEnding[],
): readonly Condition[] {
  const blocked = lanes.filter((lane) => lane.state === 'blocked');
  return [
    ...blocked.slice(0, mostNamed).map(blockedCondition),
    ...moreBlocked(blocked.length - mostNamed),
    ...sourceConditions(source),
    ...writeFailures(pipeline),
    ...(blocked.length > 0 ? windowConditions(pipeline.windowSecondsLeft()) : []),
    ...retentionConditions(pipeline.retentionSecondsLeft()),
    ...endings.map(endingCondition),
    ...tokens.map(tokenCondition),
  ];
}

/** What can't be written, so that nothing is committed past it. */
export function writeFailures(pipeline: Pick<Pipeline, 'deadLettersFail' | 'parkingFails'>): readonly Condition[] {
  return [...deadLetterConditions(pipeline.deadLettersFail()), ...[...pipeline.parkingFails()].map(parkingCondition)];
}

function blockedCondition({ kind, lane, destination, failure }: Extract<LaneStatus, { state: 'blocked' }>): Condition {
  const { code, message, fix } = failure;
  return {
    kind: code === 'FUSE_BLOWN' ? 'subscription_stopped' : 'lane_blocked',
    subject: kind === 'subscription' ? `subscription ${lane}` : `lane ${lane}`,
    ...{ destination, code, message },
    ...(fix !== undefined && { fix }),
  };
}

function moreBlocked(count: number): readonly Condition[] {
  if (count <= 0) return [];
  return [
    { kind: 'lane_blocked', subject: 'more lanes', code: 'LANES_BLOCKED', message: `${count} more are blocked.` },
  ];
}

function sourceConditions(source: Pick<Source, 'ready' | 'held' | 'waits'>): readonly Condition[] {
  const waits = source.waits?.() ?? [];
  const held = (source.held?.() ?? []).slice(0, mostNamed).map(
    ({ topic, partition, reason }): Condition => ({
      kind: 'partition_held',
      subject: `partition ${topic}/${partition}`,
      code: 'PARTITION_HELD',
      message: reason,
    }),
  );
  const [wait] = waits;
  if (wait !== undefined) {
    return [...held, { kind: 'schemas_missing', subject: 'schemas', code: 'SCHEMAS_MISSING', message: wait }];
  }
  if (source.ready()) return held;
  const fix = 'see /readyz and the log';
  const message = 'Nothing is read; nothing is lost.';
  return [...held, { kind: 'source_away', subject: 'the source', code: 'SOURCE_NOT_READY', message, fix }];
}

function deadLetterConditions(message: string | undefined): readonly Condition[] {
  if (message === undefined) return [];
  return [{ kind: 'dead_letters_fail', subject: 'dead letters', code: 'DEAD_LETTERS_FAIL', message }];
}

function parkingCondition([destination, message]: readonly [string, string]): Condition {
  const subject = `parking for ${destination}`;
  const fix = 'make the parking topic writable for the connector';
  return { kind: 'parking_fails', subject, destination, code: 'PARKING_FAILS', message, fix };
}

function windowConditions(secondsLeft: number): readonly Condition[] {
  if (secondsLeft >= windowSeconds) return [];
  const message = `As much as may be in flight will be in about ${Math.ceil(secondsLeft / 60)} min.`;
  const fix = 'put right what blocks the lane';
  return [{ kind: 'window_short', subject: 'the room for blocked lanes', code: 'WINDOW_SHORT', message, fix }];
}

function retentionConditions(secondsLeft: number): readonly Condition[] {
  if (secondsLeft >= retentionSeconds) return [];
  const message = `The oldest has about ${Math.ceil(secondsLeft / 60)} min; shortly before, it becomes a dead letter.`;
  const fix = 'put right what blocks the lane, or lengthen the retention of the topic';
  return [{ kind: 'retention_short', subject: 'held records', code: 'RETENTION_SHORT', message, fix }];
}

function endingCondition({ destination, api, warning, message, fix }: VersionEnding): Condition {
  const subject = `api_version of ${destination} for ${api === 'graph' ? 'conversions' : 'audiences'}`;
  const code = 'API_VERSION_ENDS';
  return { kind: 'version_ends', subject, destination, code, stage: warning, message: `${message}.`, fix };
}

function tokenCondition({ destination, warning, message, fix }: TokenEnding): Condition {
  const subject = `the token of ${destination}`;
  return { kind: 'token_ends', subject, destination, code: 'TOKEN_EXPIRES', stage: warning, message, fix };
}
