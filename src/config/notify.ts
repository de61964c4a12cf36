import { hostname } from 'node:os';
import { ConnectorError } from '../core/errors.ts';
import { isLoopback } from '../core/loopback.ts';
import type { Secret } from '../core/settings.ts';
import type { ProcessSettings } from './environment.ts';
import { secretOf } from './secret.ts';

/** Where changes of state are told, and how. */
export interface NotifyConfig {
  readonly format: 'json' | 'slack';
  /** The address, read for each message. It is a secret: whoever knows a webhook of Slack's can write there. */
  url(): string;
  /** What messages are signed with; absent: they aren't. Read for each message. */
  readonly secret?: Secret;
  /** Between two messages, at least. */
  readonly intervalMillis: number;
  /** Of what was read in a quarter of an hour, from 0 to 1: set aside more, and it is told. */
  readonly deadLetterShare: number;
  /** Which process it is. */
  readonly instance: string;
}

/**
 * Undefined: nobody is told.
 *
 * @throws ConnectorError `SETTING_INVALID` or `SECRET_MISSING` with the name of the variable, never with its value.
 */
export function notifyConfig(settings: ProcessSettings): NotifyConfig | undefined {
  const address = secretFrom('NOTIFY_URL', settings.NOTIFY_URL, settings.NOTIFY_URL_FILE);
  const secret = secretFrom('NOTIFY_SECRET', settings.NOTIFY_SECRET, settings.NOTIFY_SECRET_FILE);
  if (address === undefined) return undefined;
  const url = () => addressOf(address.read(), settings.NOTIFY_PLAIN_HTTP === 'true');
  url();
  secret?.read();
  return {
    format: settings.NOTIFY_FORMAT,
    url,
    ...(secret !== undefined && { secret }),
    intervalMillis: settings.NOTIFY_INTERVAL_MS,
    deadLetterShare: settings.NOTIFY_DEAD_LETTER_PERCENT / 100,
    instance: hostname(),
  };
}

function secretFrom(name: string, value: string | undefined, file: string | undefined): Secret | undefined {
  if (value !== undefined && file !== undefined) {
    throw invalid(`${name} and ${name}_FILE exclude each other: give one of them`);
  }
  if (value !== undefined) return secretOf({ $env: name }, '.', { [name]: value });
  return file === undefined ? undefined : secretOf({ $file: file }, '.', {});
}

function addressOf(text: string, plainHttp: boolean): string {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol) || url.hostname === '') {
    throw invalid('NOTIFY_URL must be an https:// address');
  }
  if (url.username !== '' || url.password !== '') throw invalid('NOTIFY_URL must hold no user and password');
  if (url.protocol === 'https:' || plainHttp || isLoopback(url.hostname)) return url.href;
  throw invalid(
    'NOTIFY_URL must be https://, because what it says would go to another machine unencrypted; NOTIFY_PLAIN_HTTP=true allows it',
  );
}

function invalid(message: string): ConnectorError {
  return new ConnectorError('SETTING_INVALID', message);
}
