import { expect, test } from 'vitest';
import { testEventCodes } from '../../src/kit/test-event-code.ts';
import { fakeDestination, fakeSettings, fakeSubscription } from '../support/destinations.ts';

const all = () => true;
const plain = fakeSubscription('Plain', all);
const literal = fakeSubscription('Literal', all, { resolve: () => ({ test_event_code: 'TEST1' }) });
const perEvent = fakeSubscription('Per event', all, {
  resolve: (event) => ({ test_event_code: (event['properties'] as { code?: string } | undefined)?.code }),
});
const failing = fakeSubscription('Failing', all, {
  resolve() {
    throw new Error('nothing to read');
  },
});

test('a code in the settings marks every subscription', () => {
  const destination = fakeDestination([plain, literal], { settings: fakeSettings({ testEventCode: 'TEST0' }) });
  expect(testEventCodes(destination)).toEqual({ wholeDestination: true, subscriptions: ['Plain', 'Literal'] });
});

test('a literal code in a mapping marks that subscription; one that an event may carry marks none', () => {
  const destination = fakeDestination([plain, literal, perEvent, failing]);
  expect(testEventCodes(destination)).toEqual({ wholeDestination: false, subscriptions: ['Literal'] });
});
