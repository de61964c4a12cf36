import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * A certificate authority that nobody knows yet (`ca.pem`), and a certificate of it for each name (`NAME.crt`, `NAME.key`).
 *
 * @param extensions By name, as OpenSSL reads them: `subjectAltName=…`.
 */
export async function certificatesIn(folder: string, extensions: Readonly<Record<string, string>>): Promise<void> {
  const at = (name: string) => join(folder, name);
  const openssl = (...parameters: readonly string[]) => run('openssl', parameters);
  const key = ['-newkey', 'rsa:2048', '-nodes'];
  await openssl('req', '-x509', ...key, '-keyout', at('ca.key'), '-out', at('ca.pem'), '-subj', '/CN=authority');
  for (const [name, extension] of Object.entries(extensions)) {
    writeFileSync(at(`${name}.ext`), extension);
    await openssl('req', ...key, '-keyout', at(`${name}.key`), '-out', at(`${name}.csr`), '-subj', `/CN=${name}`);
    const by = ['-CA', at('ca.pem'), '-CAkey', at('ca.key'), '-CAcreateserial', '-extfile', at(`${name}.ext`)];
    await openssl('x509', '-req', '-in', at(`${name}.csr`), ...by, '-out', at(`${name}.crt`));
  }
}

export interface Certificate {
  readonly key: string;
  readonly cert: string;
  /** The file of the authority that has signed it. */
  readonly caFile: string;
}

/** The certificate of a server that is called `host`. */
export async function certificateFor(host: string): Promise<Certificate> {
  const folder = mkdtempSync(join(tmpdir(), 'certificate-'));
  await certificatesIn(folder, { server: `subjectAltName=DNS:${host}` });
  const text = (name: string) => readFileSync(join(folder, name), 'utf8');
  return { key: text('server.key'), cert: text('server.crt'), caFile: join(folder, 'ca.pem') };
}
