import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ConnectorError } from '../../src/core/errors.ts';
import { compileTrigger } from '../../src/trigger/compile-trigger.ts';
import { withVectors } from '../support/needs.ts';
import { readFixture, type TriggerFixture } from './support/fixtures.ts';

function outcome(trigger: string, event: unknown): boolean | 'error' {
  try {
    return compileTrigger(trigger)(event);
  } catch (error) {
    if (error instanceof ConnectorError && error.code === 'TRIGGER_SYNTAX') return 'error';
    throw error;
  }
}

describe.each(['comparisons', 'paths', 'logic', 'functions'])('fixture %s', (name) => {
  const { events, cases } = readFixture<TriggerFixture>(name);
  test.each(cases)('$trigger on $event is $expected', ({ trigger, event, expected }) => {
    expect(Object.keys(events)).toContain(event);
    expect(outcome(trigger, events[event])).toBe(expected);
  });
});

const vectors = new URL('../../../shared/vectors/triggers.json', import.meta.url);

describe('the shared vectors', withVectors(vectors), () => {
  const text = existsSync(vectors) ? readFileSync(vectors, 'utf8') : '{"events": {}, "cases": [{}]}';
  const { events, cases }: TriggerFixture = JSON.parse(text);
  test.each(cases)('$id: $trigger', ({ trigger, event, expected }) => {
    expect(outcome(trigger, events[event])).toBe(expected);
  });
});

function errorOf(trigger: string): ConnectorError {
  try {
    compileTrigger(trigger);
  } catch (error) {
    if (error instanceof ConnectorError) return error;
  }
  throw new Error(`compiled: ${trigger}`);
}

describe('a trigger that is not valid', () => {
  test('is refused with line, column, the line with a caret, and what was expected', () => {
    const error = errorOf('type = "track" and\n  event = ');
    expect(error.code).toBe('TRIGGER_SYNTAX');
    expect(error.message).toBe(
      [
        'the trigger is not valid: line 2, column 10: expected a field, a value or a function, found the end of the trigger',
        '    event =',
        '           ^',
      ].join('\n'),
    );
  });

  test('carries its diagnostics, every typographic string among them', () => {
    const error = errorOf('type = “track” and event = ‘Done’');
    expect(error.details['diagnostics']).toMatchObject([
      { severity: 'error', code: 'TRIGGER_SYNTAX', offset: 7, length: 7, fix: '"track"' },
      { severity: 'error', code: 'TRIGGER_SYNTAX', offset: 27, length: 6, fix: '"Done"' },
    ]);
    expect(error.message).toContain('line 1, column 28');
  });
});
