import { expect, it } from 'vitest';
import { failureLine } from '../../../src/cli/command/failure-line.ts';

const failure = { text: 'error: lane "shop" is blocked\nfor long [LANE_BLOCKED]', code: 'LANE_BLOCKED' };

it('is one JSON object in the log of a run, and text for people', () => {
  const line = failureLine(failure, { command: 'run', isTerminal: false });
  expect(line).not.toContain('\n');
  expect(JSON.parse(line)).toMatchObject({ level: 'error', kind: 'failed', code: failure.code, msg: failure.text });
  expect(failureLine(failure, { command: 'run', isTerminal: true })).toBe(failure.text);
  expect(failureLine(failure, { command: 'replay', isTerminal: false })).toBe(failure.text);
});
