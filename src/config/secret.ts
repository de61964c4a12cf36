import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { ConnectorError, messageOf } from '../core/errors.ts';
import { own } from '../core/json.ts';
import type { Secret } from '../core/settings.ts';
import type { Environment } from './environment.ts';

/** How a secret is written in a destination file. */
export type SecretReference = { readonly $env: string } | { readonly $file: string };

/** A secret of an environment variable, or of a file whose path is relative to the destination file's folder. */
export function secretOf(reference: SecretReference, folder: string, environment: Environment): Secret {
  if ('$env' in reference) {
    const name = reference.$env;
    return {
      origin: `environment variable ${name}`,
      read() {
        const value = own(environment, name);
        if (typeof value === 'string' && value.trim() !== '') return value.trim();
        throw new ConnectorError(
          'SECRET_MISSING',
          `environment variable ${name} is not set: it holds a secret that a destination refers to`,
        );
      },
    };
  }
  const path = resolve(folder, reference.$file);
  return {
    origin: `file ${reference.$file}`,
    read() {
      let value: string;
      try {
        value = readFileSync(path, 'utf8').trim();
      } catch (error) {
        throw new ConnectorError(
          'SECRET_MISSING',
          `the secret's file ${reference.$file} can't be read (${messageOf(error)})`,
          {},
          error,
        );
      }
      if (value !== '') return value;
      throw new ConnectorError('SECRET_MISSING', `the secret's file ${reference.$file} is empty`);
    },
  };
}
