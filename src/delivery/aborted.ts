import { ConnectorError } from '../core/errors.ts';

/** What a sink rejects with when its signal aborts before everything is final: nothing of the call is settled. */
export function abortedError(): ConnectorError {
  return new ConnectorError(
    'ABORTED',
    'The deliveries were given up before they were final; nothing of them is settled.',
  );
}
