import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { env, getuid } from 'node:process';
import { hasKubernetesTools } from './chart.ts';
import { hasPrometheus } from './prometheus.ts';

/** What not every machine has, with the way to run the tests that need it. */
export const ways = {
  'Apache Kafka': 'npm run test:kafka',
  'helm and the schemas of Kubernetes': 'scripts/kubernetes-tools.sh',
  Chromium: 'apt-get install chromium, or name another with CHROMIUM',
  'another user than root': 'run the tests as one',
  'systemd-analyze': 'run the tests on a machine with systemd',
  root: 'run the tests as root',
  Prometheus: "apt-get install prometheus (Debian's), or another on the PATH",
  'the vectors of ../shared': 'clone the repository beside them',
} as const;

export type Need = keyof typeof ways;

declare module 'vitest' {
  interface TaskMeta {
    needs?: Need;
  }
}

/** For the options of a test or a group of tests, which are skipped where it is missing; the run's last line says so. */
function needing(needs: Need, there: boolean) {
  return { skip: !there, meta: { needs } };
}

/** For the tests of the pages. */
export const chromium = env['CHROMIUM'] ?? '/usr/bin/chromium';
export const withChromium = needing('Chromium', existsSync(chromium));
const brokers = env['KAFKA_BROKERS'];
/** The suites run on an Apache Kafka, not on the embedded broker. */
export const isOnApacheKafka = brokers !== undefined && brokers !== '';
export const onApacheKafka = needing('Apache Kafka', isOnApacheKafka);
const analyze = spawnSync('systemd-analyze', ['--version']);
export const withSystemd = needing('systemd-analyze', analyze.status === 0);
export const asRoot = needing('root', getuid?.() === 0);
export const notAsRoot = needing('another user than root', getuid?.() !== 0);
export const withKubernetesTools = needing('helm and the schemas of Kubernetes', hasKubernetesTools);
/** Of several: what is missing is said for the first that is. */
export function all(...needs: readonly ReturnType<typeof needing>[]) {
  return needs.find(({ skip }) => skip) ?? { skip: false, meta: {} };
}
export const onPrometheus = needing('Prometheus', hasPrometheus);
/** Cases that are kept beside the repository; without them a list of one, so that it is counted as skipped. */
export const withVectors = (file: string | URL) => needing('the vectors of ../shared', existsSync(file));
