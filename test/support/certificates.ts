import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Certificate {
  readonly key: string;
  readonly cert: string;
  /** The file of the authority that has signed it. */
  readonly caFile: string;
}

/** A certificate for `name` of an authority that nobody knows yet. */
export function certificateFor(name: string, days = 2): Certificate {
  const folder = mkdtempSync(join(tmpdir(), 'certificate-'));
  const at = (file: string) => join(folder, file);
  const openssl = (...parameters: readonly string[]) => execFileSync('openssl', parameters, { stdio: 'ignore' });
  const key = ['-newkey', 'rsa:2048', '-nodes'];
  openssl('req', '-x509', ...key, '-keyout', at('ca.key'), '-out', at('ca.pem'), '-subj', '/CN=authority');
  writeFileSync(at('ext'), `subjectAltName=DNS:${name}`);
  openssl('req', ...key, '-keyout', at('key'), '-out', at('csr'), '-subj', `/CN=${name}`);
  const by = ['-CA', at('ca.pem'), '-CAkey', at('ca.key'), '-CAcreateserial', '-extfile', at('ext')];
  openssl('x509', '-req', '-days', String(days), '-in', at('csr'), ...by, '-out', at('crt'));
  return { key: readFileSync(at('key'), 'utf8'), cert: readFileSync(at('crt'), 'utf8'), caFile: at('ca.pem') };
}
