import { expect, test } from 'vitest';
import { runProgram } from '../support/program.ts';

const event = {
  type: 'track',
  properties: { birthday: '05/06/1990', at: '2026-05-06 00:30:00', shown: '2026-10-25T01:30:00Z' },
};

/** A day, an instant, and an hour that a clock in Berlin shows twice. */
const template = [
  '{{ properties.birthday | date: "%Y-%m-%d" }}',
  '{{ properties.at | date: "%s" }}',
  '{{ properties.shown | date: "%H:%M" }}',
].join(' ');

test.each(['America/New_York', 'Europe/Berlin'])(
  'what a template makes of dates is the same with TZ=%s',
  async (TZ) => {
    const parameters = [
      'explain',
      '-',
      '--json',
      '--show-identifiers',
      '--mapping',
      JSON.stringify({ '@liquid': template }),
    ];
    const { stdout, stderr } = await runProgram(parameters, { input: JSON.stringify(event), environment: { TZ } });
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toMatchObject({ result: '1990-05-06 1778027400 01:30' });
  },
);
