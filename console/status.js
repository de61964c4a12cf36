/** What the process does, for a person: a page over `/readyz` and `/metrics`. */
import { byId, element, every, row } from './dom.js';
import { breakdown, groups, samplesOf, sum } from './exposition.js';

/** @typedef {import('./exposition.js').Sample} Sample */

const refreshMillis = 2000;
const mebibyte = 1024 * 1024;
const counters = ['matched_total', 'delivered_total', 'dead_letters_total', 'skipped_total'];

async function refresh() {
  const [ready, metrics] = await Promise.all([fetch('/readyz'), fetch('/metrics')]);
  showReadiness(ready.ok, await ready.json());
  const samples = samplesOf(await metrics.text());
  showSubscriptions(samples);
  showRequests(samples);
  showTopics(samples);
  const bytes = (sum(samples, 'in_flight_bytes', {}) / mebibyte).toFixed(1);
  byId('flight').textContent = `${sum(samples, 'in_flight_records', {})} records, ${bytes} MiB`;
}

/**
 * @param {boolean} ready
 * @param {{ readonly status: string, readonly reasons?: readonly string[], readonly degraded?: readonly string[] }} answer
 */
function showReadiness(ready, { status, reasons = [], degraded = [] }) {
  byId('ready').textContent = ready && degraded.length > 0 ? `${status}, degraded` : status;
  byId('ready').className = ready ? 'good' : 'bad';
  byId('reasons').replaceChildren(...[...reasons, ...degraded].map((reason) => element('li', reason)));
}

/** @param {readonly Sample[]} samples */
function showSubscriptions(samples) {
  const rows = groups(samples, counters, ['destination', 'subscription']).map((group) =>
    row([
      group['destination'] || '(before routing)',
      group['subscription'] ?? '',
      sum(samples, 'matched_total', group),
      sum(samples, 'delivered_total', group),
      sum(samples, 'dead_letters_total', group),
      breakdown(samples, 'dead_letters_total', group, 'code'),
      breakdown(samples, 'skipped_total', group, 'reason'),
    ]),
  );
  byId('subscriptions').replaceChildren(...rows);
}

/** @param {readonly Sample[]} samples */
function showRequests(samples) {
  const rows = groups(samples, ['request_duration_seconds_count'], ['destination']).map((group) => {
    const all = sum(samples, 'request_duration_seconds_count', group);
    const delivered = sum(samples, 'request_duration_seconds_count', { ...group, outcome: 'delivered' });
    const batches = breakdown(samples, 'batches_total', group, 'trigger');
    return row([group['destination'] ?? '', delivered, all - delivered, batches]);
  });
  byId('requests').replaceChildren(...rows);
}

/** @param {readonly Sample[]} samples */
function showTopics(samples) {
  const rows = groups(samples, ['records_read_total'], ['topic']).map((group) =>
    row([
      group['topic'] ?? '',
      sum(samples, 'records_read_total', group),
      sum(samples, 'records_settled_total', group),
      left(samples, group),
    ]),
  );
  byId('topics').replaceChildren(...rows);
}

/**
 * What is still to be settled of a topic, or of a file, whose records are not counted beforehand.
 *
 * @param {readonly Sample[]} samples
 * @param {import('./exposition.js').Labels} group
 * @returns {string | number}
 */
function left(samples, group) {
  const inBytes = samples.some(
    ({ name, labels }) => name === 'source_left_bytes' && labels['topic'] === group['topic'],
  );
  if (!inBytes) return sum(samples, 'consumer_lag_records', group);
  return `${(sum(samples, 'source_left_bytes', group) / mebibyte).toFixed(1)} MiB`;
}

await every(refreshMillis, refresh);
