import { expect, it } from 'vitest';
import { readiness } from '../../src/connector/readiness.ts';
import { simulatedSource } from '../support/simulated-source.ts';

const healthy = {
  blocked: () => [],
  deadLettersFail: () => undefined,
  parkingFails: () => new Map<string, string>(),
  parked: () => new Map<string, number>(),
  windowSecondsLeft: () => Number.POSITIVE_INFINITY,
  retentionSecondsLeft: () => Number.POSITIVE_INFINITY,
};
const source = { ...simulatedSource([]), ready: () => true };
const state = { stopping: false, alive: true };

it('has no reason where all is well', () => {
  expect(readiness(healthy, source, state)).toEqual([]);
});

it('says of deliveries that can not be parked why, and what to do', () => {
  const parkingFails = () => new Map([['shop', 'writing to orders.parked.shop failed: not authorized']]);
  const [reason, ...others] = readiness({ ...healthy, parkingFails }, source, state);
  expect(reason).toMatch(/deliveries of shop can't be parked, .*orders\.parked\.shop failed: not authorized.* Fix: /);
  expect(others).toEqual([]);
});
