import { htmlPage } from '../../core/html-page.ts';

const body = `<h1>meta-actions sandbox</h1>
<p id="state" class="bad" hidden>This page gets no answer: the sandbox is down, or has ended.</p>
<p>A Graph API on this machine. Nothing is sent to Meta. <span class="quiet">Its views and faults: docs/sandbox.md.</span></p>
<p id="totals"></p>
<h2>Requests</h2>
<p class="quiet">The newest 50. Choose one to see its body.</p>
<table><thead><tr><th>time</th><th>method</th><th>path</th><th class="number">events</th><th class="number">bytes</th><th class="number">status</th><th>error</th><th>fault</th><th></th></tr></thead><tbody id="requests"></tbody></table>
<div id="chosen" hidden><h2 id="name"></h2><pre id="body"></pre></div>`;

const script = `
const shown = 50;
async function choose(id, name) {
  const answer = await fetch('/_sandbox/requests?limit=1&since=' + (id - 1));
  const { requests } = await answer.json();
  const found = requests.find((one) => one.id === id);
  byId('chosen').hidden = false;
  byId('name').textContent = name;
  byId('body').textContent = found === undefined || found.body === null ? 'no longer kept' : JSON.stringify(found.body, null, 2);
  byId('chosen').scrollIntoView({ behavior: 'smooth' });
}
function requestRow(one) {
  const made = row([one.time.slice(11, 23), one.method, one.path, one.events, one.bytes, one.status === null ? '' : one.status, one.error || '', one.fault || '']);
  const button = element('button', 'body');
  button.addEventListener('click', () => choose(one.id, one.method + ' ' + one.path + ', ' + one.time));
  const cell = element('td');
  cell.append(button);
  made.append(cell);
  return made;
}
async function look() {
  const [summary, list] = await Promise.all([
    fetch('/_sandbox/summary').then((answer) => answer.json()),
    fetch('/_sandbox/requests?bodies=false').then((answer) => answer.json()),
  ]);
  byId('totals').textContent = summary.requests.total + ' requests, ' + summary.events.accepted + ' events accepted, of which '
    + summary.events.duplicates + ' Meta would have de-duplicated.';
  const newest = list.requests.slice(-shown).reverse();
  byId('requests').replaceChildren(...newest.map(requestRow));
}
every(1500, look);`;

/** What the sandbox received, for a person: a page over its views. */
export const sandboxPage = htmlPage({ title: 'meta-actions sandbox', body, script });
