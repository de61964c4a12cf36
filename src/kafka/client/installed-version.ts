import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** Of kafkajs. */
export function installedVersion(): string {
  return (require('kafkajs/package.json') as { version: string }).version;
}

/** Our patches are of what stands in this version, and leave any other alone. */
export function isPatchable(version: string): boolean {
  return /^2\.2\.\d+$/.test(version);
}
