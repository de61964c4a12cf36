import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { certificatesIn } from './certificates.ts';

/** An Apache Kafka that lets nobody in without proof; the plain listener is for the tests, which may do everything. */
export interface SecuredBroker {
  readonly brokers: readonly string[];
  /** SASL of all kinds, unencrypted. */
  readonly sasl: string;
  /** TLS, and SCRAM inside of it. */
  readonly saslSsl: string;
  /** TLS with a client certificate. */
  readonly ssl: string;
  /** Of the certificate authority, which the client's certificate is signed by, too. */
  readonly files: { readonly ca: string; readonly cert: string; readonly key: string };
  stop(): Promise<void>;
}

const run = promisify(execFile);
const script = resolve(import.meta.dirname, '../../scripts/kafka.sh');

/** Users: `admin` may do everything; `reader` has what ACLs give it. Passwords: the name with `-secret` behind it. */
export async function startSecuredBroker(): Promise<SecuredBroker> {
  const folder = mkdtempSync(join(tmpdir(), 'secured-broker-'));
  const files = await certificates(folder);
  const [sasl, saslSsl, ssl] = [await freePort(), await freePort(), await freePort()];
  const listeners = { SASL_PLAINTEXT: sasl, SASL_SSL: saslSsl, SSL: ssl };
  const dir = join(folder, 'broker');
  const { stdout } = await run('bash', [script, 'start', '--dir', dir], {
    env: {
      ...process.env,
      KAFKA_SCRAM_USER: 'admin:admin-secret',
      KAFKA_EXTRA_LISTENERS: Object.entries(listeners)
        .map(([name, port]) => `${name}://127.0.0.1:${port}`)
        .join(','),
      KAFKA_EXTRA_PROPERTIES: properties(join(folder, 'server.pem'), files.ca),
    },
  });
  return {
    brokers: [/KAFKA_BROKERS=(\S+)/.exec(stdout)?.[1] ?? ''],
    sasl: `127.0.0.1:${sasl}`,
    saslSsl: `127.0.0.1:${saslSsl}`,
    ssl: `127.0.0.1:${ssl}`,
    files,
    async stop() {
      await run('bash', [script, 'stop', '--dir', dir]);
      rmSync(folder, { recursive: true });
    },
  };
}

function properties(server: string, ca: string): string {
  const module = 'org.apache.kafka.common.security';
  const users = ['admin', 'reader'].map((name) => `user_${name}="${name}-secret"`).join(' ');
  const tls = [
    'ssl.keystore.type=PEM',
    `ssl.keystore.location=${server}`,
    'ssl.truststore.type=PEM',
    `ssl.truststore.location=${ca}`,
  ];
  return [
    'listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SASL_PLAINTEXT:SASL_PLAINTEXT,SASL_SSL:SASL_SSL,SSL:SSL',
    'sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-256,SCRAM-SHA-512,OAUTHBEARER',
    ...['sasl_plaintext', 'sasl_ssl'].flatMap((listener) => [
      `listener.name.${listener}.plain.sasl.jaas.config=${module}.plain.PlainLoginModule required ${users};`,
      `listener.name.${listener}.scram-sha-256.sasl.jaas.config=${module}.scram.ScramLoginModule required;`,
      `listener.name.${listener}.scram-sha-512.sasl.jaas.config=${module}.scram.ScramLoginModule required;`,
      // Takes unsigned tokens, as for development.
      `listener.name.${listener}.oauthbearer.sasl.jaas.config=${module}.oauthbearer.OAuthBearerLoginModule required unsecuredLoginStringClaim_sub="broker";`,
    ]),
    ...tls,
    'listener.name.ssl.ssl.client.auth=required',
    'authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer',
    // The plain listeners, of the tests and of the controller; and the certificate's owner.
    'super.users=User:ANONYMOUS;User:admin;User:CN=client',
    'connections.max.reauth.ms=30000',
  ].join('\n');
}

/** One authority, a server on 127.0.0.1, one client. */
async function certificates(folder: string): Promise<SecuredBroker['files']> {
  const at = (name: string) => join(folder, name);
  await certificatesIn(folder, { server: 'subjectAltName=IP:127.0.0.1', client: 'extendedKeyUsage=clientAuth' });
  writeFileSync(at('server.pem'), readFileSync(at('server.key'), 'utf8') + readFileSync(at('server.crt'), 'utf8'));
  return { ca: at('ca.pem'), cert: at('client.crt'), key: at('client.key') };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((done) => server.once('listening', done));
  const address = server.address();
  await new Promise((done) => server.close(done));
  return typeof address === 'object' && address !== null ? address.port : 0;
}
