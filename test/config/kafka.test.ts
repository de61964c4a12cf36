import { expect, test } from 'vitest';
import { readSettings } from '../../src/config/environment.ts';
import { checkHandOver } from '../../src/config/kafka.ts';

const settings = (session: string, timeout: string, margin: string) =>
  readSettings({
    KAFKA_SESSION_TIMEOUT_MS: session,
    META_REQUEST_TIMEOUT_MS: timeout,
    META_HAND_OVER_MARGIN_MS: margin,
  });

test('DELIVERY 24: the settings that nobody has set fit together', () => {
  expect(() => checkHandOver(readSettings({}))).not.toThrow();
});

test('DELIVERY 24: a session must outlast a request and its margin; the error names all three settings', () => {
  expect(() => checkHandOver(settings('6000', '4000', '1999'))).not.toThrow();
  expect(() => checkHandOver(settings('6000', '4000', '2000'))).toThrow(
    /KAFKA_SESSION_TIMEOUT_MS \(6000\).*META_REQUEST_TIMEOUT_MS.*META_HAND_OVER_MARGIN_MS.*6000/,
  );
});
