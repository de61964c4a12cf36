import { readFileSync } from 'node:fs';
import { ConnectorError, messageOf } from '../core/errors.ts';
import { isPrivateUrl } from '../core/loopback.ts';
import { type ProcessSettings, saslMechanisms } from './environment.ts';
import { proxiesOf } from './proxies.ts';
import { secretOf } from './secret.ts';

/** What only SASL is asked with. AWS sets variables of its own where nobody means Kafka. */
const credentials = [
  'KAFKA_SASL_USERNAME',
  'KAFKA_SASL_PASSWORD',
  'KAFKA_SASL_PASSWORD_FILE',
  'KAFKA_OAUTH_TOKEN_URL',
  'KAFKA_OAUTH_TOKEN_FILE',
  'KAFKA_OAUTH_CLIENT_ID',
  'KAFKA_OAUTH_CLIENT_SECRET',
  'KAFKA_OAUTH_CLIENT_SECRET_FILE',
] as const;

/** How the process proves to brokers who it is. Throws `SETTING_MISSING` or `SETTING_INVALID` with the variable's name. */
export function saslOf(settings: ProcessSettings) {
  const mechanism = settings.KAFKA_SASL_MECHANISM;
  if (mechanism === undefined) {
    const credential = credentials.find((name) => settings[name] !== undefined);
    if (credential === undefined) return undefined;
    // Without SASL some brokers take nobody and don't say why, and others take anybody.
    throw missing('KAFKA_SASL_MECHANISM', `how ${credential} is used (${saslMechanisms.join(', ')}); or take that out`);
  }
  const proxies = proxiesOf(settings);
  if (mechanism === 'oauthbearer') return { mechanism, proxies, ...oauthOf(settings) };
  if (mechanism === 'aws-msk-iam') return { mechanism, proxies, ...mskOf(settings) };
  const { KAFKA_SASL_USERNAME: username } = settings;
  if (username === undefined) throw missing('KAFKA_SASL_USERNAME', `the user for SASL ${mechanism}`);
  return { mechanism, username, password: secret('KAFKA_SASL_PASSWORD', 'the password', settings) };
}

function oauthOf(settings: ProcessSettings) {
  const { KAFKA_OAUTH_TOKEN_FILE: tokenFile, KAFKA_OAUTH_TOKEN_URL: url, KAFKA_OAUTH_CLIENT_ID: clientId } = settings;
  if (tokenFile !== undefined) {
    if (url !== undefined) throw invalid('KAFKA_OAUTH_TOKEN_FILE and KAFKA_OAUTH_TOKEN_URL are both set: give one');
    return { tokenFile: secretOf({ $file: tokenFile }, '.', {}) };
  }
  if (url === undefined) throw missing('KAFKA_OAUTH_TOKEN_URL', 'where tokens come from, or KAFKA_OAUTH_TOKEN_FILE');
  if (settings.KAFKA_OAUTH_PLAIN_HTTP !== 'true' && !isPrivateUrl(url)) {
    throw invalid(
      'KAFKA_OAUTH_TOKEN_URL must be https://, because the client secret would go to another machine unencrypted; KAFKA_OAUTH_PLAIN_HTTP=true allows it',
    );
  }
  if (clientId === undefined) throw missing('KAFKA_OAUTH_CLIENT_ID', 'the client id for the token endpoint');
  const scope = settings.KAFKA_OAUTH_SCOPE;
  const clientSecret = secret('KAFKA_OAUTH_CLIENT_SECRET', 'the client secret', settings);
  return { endpoint: { url, clientId, clientSecret, ...(scope !== undefined && { scope }) } };
}

function mskOf(settings: ProcessSettings) {
  if (settings.KAFKA_SSL === 'false') throw invalid('KAFKA_SSL must be true: brokers take AWS IAM over TLS only');
  const { AWS_REGION: region } = settings;
  if (region === undefined) throw missing('AWS_REGION', 'the region of the cluster');
  const fixed = fixedOf(settings);
  const webIdentity = webIdentityOf(settings, region);
  const container = containerOf(settings);
  const identity = {
    ...(fixed !== undefined && { fixed }),
    ...(webIdentity !== undefined && { webIdentity }),
    ...(container !== undefined && { container }),
    instance: { url: settings.AWS_EC2_METADATA_SERVICE_ENDPOINT },
  };
  return { region, identity };
}

function fixedOf(settings: ProcessSettings) {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = settings;
  if (accessKeyId === undefined) return undefined;
  if (secretAccessKey === undefined) throw missing('AWS_SECRET_ACCESS_KEY', 'the secret of AWS_ACCESS_KEY_ID');
  const sessionToken = settings.AWS_SESSION_TOKEN;
  return { accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) };
}

function webIdentityOf(settings: ProcessSettings, region: string) {
  const { AWS_ROLE_ARN: roleArn, AWS_WEB_IDENTITY_TOKEN_FILE: tokenFile } = settings;
  if (roleArn === undefined || tokenFile === undefined) return undefined;
  return { stsUrl: settings.AWS_ENDPOINT_URL_STS ?? `https://sts.${region}.amazonaws.com`, roleArn, tokenFile };
}

function containerOf(settings: ProcessSettings) {
  const { AWS_CONTAINER_CREDENTIALS_FULL_URI: full, AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: relative } = settings;
  const url = full ?? (relative === undefined ? undefined : `http://169.254.170.2${relative}`);
  if (url === undefined) return undefined;
  const { AWS_CONTAINER_AUTHORIZATION_TOKEN: token, AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: file } = settings;
  // The file is renewed by the platform.
  const authorization = () =>
    file === undefined ? token : fileOf('AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE', file).trim();
  return { url, authorization };
}

/** The variable, or the file of the variable with `_FILE` behind it. */
function secret(name: 'KAFKA_SASL_PASSWORD' | 'KAFKA_OAUTH_CLIENT_SECRET', what: string, settings: ProcessSettings) {
  const value = settings[name];
  const file = settings[`${name}_FILE`];
  if (file === undefined && value === undefined) throw missing(name, `${what}, or ${name}_FILE`);
  return secretOf(file === undefined ? { $env: name } : { $file: file }, '.', { [name]: value });
}

export function fileOf(name: string, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw invalid(`${name}: the file can't be read (${messageOf(error)})`);
  }
}

export function missing(name: string, what: string): ConnectorError {
  return new ConnectorError('SETTING_MISSING', `${name} is not set: ${what}`);
}

function invalid(message: string): ConnectorError {
  return new ConnectorError('SETTING_INVALID', message);
}
