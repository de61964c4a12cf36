import { htmlPage } from '../core/html-page.ts';

const body = `<h1>meta-actions</h1>
<p id="state" class="bad" hidden>This page gets no answer: the process has ended, or its address has changed.</p>
<p id="ready"></p>
<ul id="reasons"></ul>
<h2>Subscriptions</h2>
<table><thead><tr><th>destination</th><th>subscription</th><th class="number">matched</th><th class="number">delivered</th>
<th class="number">dead letters</th><th>why set aside</th><th>why skipped</th></tr></thead><tbody id="subscriptions"></tbody></table>
<h2>Requests to Meta</h2>
<table><thead><tr><th>destination</th><th class="number">delivered</th><th class="number">other outcomes</th><th>batches, by what closed them</th></tr></thead><tbody id="requests"></tbody></table>
<h2>Source</h2>
<table><thead><tr><th>topic</th><th class="number">read</th><th class="number">settled</th><th class="number">still to read</th></tr></thead><tbody id="topics"></tbody></table>
<p class="quiet">In flight: <span id="flight"></span>. Figures since the process started, from <a href="/metrics">/metrics</a>; state from <a href="/readyz">/readyz</a>.</p>`;

/** Reads the exposition format, as much of it as this process writes. */
const script = `
function samplesOf(text) {
  return text.split('\\n').flatMap((line) => {
    const found = /^meta_actions_(\\w+?)(?:\\{(.*)\\})? (\\S+)$/.exec(line);
    if (found === null) return [];
    const labels = {};
    for (const [, name, value] of (found[2] || '').matchAll(/(\\w+)="((?:[^"\\\\\\\\]|\\\\\\\\.)*)"/g)) labels[name] = value;
    return [{ name: found[1], labels, value: Number(found[3]) }];
  });
}
function sum(samples, name, wanted) {
  return samples
    .filter((one) => one.name === name && Object.entries(wanted).every(([key, value]) => one.labels[key] === value))
    .reduce((total, one) => total + one.value, 0);
}
function groups(samples, names, keys) {
  const found = new Map();
  for (const { name, labels } of samples) {
    if (!names.includes(name) || !keys.every((key) => key in labels)) continue;
    const group = Object.fromEntries(keys.map((key) => [key, labels[key]]));
    found.set(JSON.stringify(group), group);
  }
  return [...found.values()];
}
function reasons(samples, name, wanted, label) {
  return groups(samples.filter((one) => one.name === name), [name], Object.keys(wanted).concat(label))
    .filter((group) => Object.entries(wanted).every(([key, value]) => group[key] === value))
    .map((group) => group[label] + ' ' + sum(samples, name, group))
    .join(', ');
}
async function look() {
  const [ready, metrics] = await Promise.all([fetch('/readyz'), fetch('/metrics')]);
  const told = await ready.json();
  const samples = samplesOf(await metrics.text());
  byId('ready').textContent = told.status;
  byId('ready').className = ready.ok ? 'good' : 'bad';
  byId('reasons').replaceChildren(...(told.reasons || []).map((reason) => element('li', reason)));
  const counted = ['matched_total', 'delivered_total', 'dead_letters_total', 'skipped_total'];
  byId('subscriptions').replaceChildren(...groups(samples, counted, ['destination', 'subscription']).map((group) => row([
    group.destination || '(before routing)', group.subscription,
    sum(samples, 'matched_total', group), sum(samples, 'delivered_total', group), sum(samples, 'dead_letters_total', group),
    reasons(samples, 'dead_letters_total', group, 'code'), reasons(samples, 'skipped_total', group, 'reason'),
  ])));
  byId('requests').replaceChildren(...groups(samples, ['request_duration_seconds_count'], ['destination']).map((group) => {
    const all = sum(samples, 'request_duration_seconds_count', group);
    const good = sum(samples, 'request_duration_seconds_count', { ...group, outcome: 'delivered' });
    return row([group.destination, good, all - good, reasons(samples, 'batches_total', group, 'trigger')]);
  }));
  byId('topics').replaceChildren(...groups(samples, ['records_read_total'], ['topic']).map((group) => row([
    group.topic, sum(samples, 'records_read_total', group), sum(samples, 'records_settled_total', group),
    sum(samples, 'consumer_lag_records', group),
  ])));
  byId('flight').textContent = sum(samples, 'in_flight_records', {}) + ' records, '
    + (sum(samples, 'in_flight_bytes', {}) / 1048576).toFixed(1) + ' MiB';
}
every(2000, look);`;

/** What the process does, for a person: a page over `/readyz` and `/metrics`. */
export const consolePage = htmlPage({ title: 'meta-actions', body, script });
