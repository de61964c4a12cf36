import { ConnectorError } from '../core/errors.ts';
import type { Failure } from '../core/outcome.ts';
import type { DestinationSettings, Secret } from '../core/settings.ts';

export interface Credentials {
  readonly token: string;
  readonly appSecret?: string;
}

/** The secrets as they are now, or why they can't be used: the destination's fault, so its deliveries wait. */
export function readCredentials(
  settings: Pick<DestinationSettings, 'accessToken' | 'appSecret'>,
): Credentials | { readonly failure: Failure } {
  const token = readSecret(settings.accessToken, 'access_token');
  if (typeof token !== 'string') return token;
  if (settings.appSecret === undefined) return { token };
  const appSecret = readSecret(settings.appSecret, 'app_secret');
  return typeof appSecret === 'string' ? { token, appSecret } : appSecret;
}

// What an HTTP header can hold, without white space.
const printable = /^[\x21-\x7e]+$/;

function readSecret(secret: Secret, name: string): string | { readonly failure: Failure } {
  let value: string;
  try {
    value = secret.read().trim();
  } catch (error) {
    return unreadable(secret, name, problemOf(error));
  }
  if (value === '') return unreadable(secret, name, 'is empty');
  return printable.test(value) ? value : unreadable(secret, name, 'holds characters that no token has');
}

function unreadable(secret: Secret, name: string, problem: string): { readonly failure: Failure } {
  return {
    failure: {
      code: 'SECRET_UNREADABLE',
      message: `${name} (${secret.origin}) ${problem}.`,
      fix: `Put the value of ${name} into ${secret.origin}.`,
    },
  };
}

/** `ENOENT` rather than the text of the error, which might quote what was read. */
function problemOf(error: unknown): string {
  const { cause } = error instanceof ConnectorError ? error : { cause: error };
  if (cause === undefined) return 'is not set, or empty';
  const code = cause instanceof Error ? Reflect.get(cause, 'code') : undefined;
  return `can not be read: ${typeof code === 'string' ? code : 'the reason is unknown'}`;
}
