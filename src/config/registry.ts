import { ConnectorError } from '../core/errors.ts';
import { isPrivateUrl } from '../core/loopback.ts';
import type { ProcessSettings } from './environment.ts';
import { fileOf } from './kafka-sasl.ts';

/** How to reach the schema registry; undefined: there is none. Throws `SETTING_INVALID` with the variable's name. */
export function registryConfig(settings: ProcessSettings) {
  const { SCHEMA_REGISTRY_URL: url } = settings;
  if (url === undefined) return undefined;
  if (new URL(url).username !== '') {
    throw invalid('SCHEMA_REGISTRY_URL must hold no user and password: set SCHEMA_REGISTRY_USERNAME and _PASSWORD');
  }
  const authorization = authorizationOf(settings);
  if (authorization !== undefined && goesInTheOpen(settings)) {
    throw invalid(
      'SCHEMA_REGISTRY_URL must be https://, because its password or token would go to another machine unencrypted; SCHEMA_REGISTRY_PLAIN_HTTP=true allows it',
    );
  }
  const tls = tlsOf(settings);
  return { url, ...(authorization !== undefined && { authorization }), ...(tls !== undefined && { tls }) };
}

function goesInTheOpen({ SCHEMA_REGISTRY_URL: url = '', SCHEMA_REGISTRY_PLAIN_HTTP }: ProcessSettings): boolean {
  return SCHEMA_REGISTRY_PLAIN_HTTP !== 'true' && !isPrivateUrl(url);
}

/** The header, made anew each time: a token's file may have a new one. */
function authorizationOf(settings: ProcessSettings): (() => string) | undefined {
  const { SCHEMA_REGISTRY_USERNAME: user, SCHEMA_REGISTRY_PASSWORD: password } = settings;
  const { SCHEMA_REGISTRY_TOKEN: token, SCHEMA_REGISTRY_TOKEN_FILE: tokenFile } = settings;
  const passwordFile = settings.SCHEMA_REGISTRY_PASSWORD_FILE;
  const hasToken = token !== undefined || tokenFile !== undefined;
  if (user !== undefined && hasToken) {
    throw invalid('SCHEMA_REGISTRY_USERNAME and SCHEMA_REGISTRY_TOKEN exclude each other: give one of them');
  }
  if (hasToken) return () => `Bearer ${token ?? fileOf('SCHEMA_REGISTRY_TOKEN_FILE', tokenFile ?? '').trim()}`;
  if (user === undefined) return undefined;
  if (password === undefined && passwordFile === undefined) {
    throw invalid(
      'SCHEMA_REGISTRY_PASSWORD must be set with SCHEMA_REGISTRY_USERNAME, or SCHEMA_REGISTRY_PASSWORD_FILE',
    );
  }
  return () => {
    const secret = password ?? fileOf('SCHEMA_REGISTRY_PASSWORD_FILE', passwordFile ?? '').trim();
    return `Basic ${Buffer.from(`${user}:${secret}`).toString('base64')}`;
  };
}

function tlsOf(settings: ProcessSettings) {
  const { SCHEMA_REGISTRY_CA_FILE: ca, SCHEMA_REGISTRY_CERT_FILE: cert, SCHEMA_REGISTRY_KEY_FILE: key } = settings;
  if (ca === undefined && cert === undefined && key === undefined) return undefined;
  return {
    ...(ca !== undefined && { ca: fileOf('SCHEMA_REGISTRY_CA_FILE', ca) }),
    ...(cert !== undefined && { cert: fileOf('SCHEMA_REGISTRY_CERT_FILE', cert) }),
    ...(key !== undefined && { key: fileOf('SCHEMA_REGISTRY_KEY_FILE', key) }),
  };
}

function invalid(message: string): ConnectorError {
  return new ConnectorError('SETTING_INVALID', message);
}
