/** What the sandbox received, for a person: a page over its views. */
import { byId, element, every, row } from './dom.js';

/**
 * @typedef {object} ReceivedRequest
 * @property {number} id
 * @property {string} time
 * @property {string} method
 * @property {string} path
 * @property {number} events
 * @property {number} bytes
 * @property {number | null} status
 * @property {string | null} [error]
 * @property {string | null} [fault]
 * @property {unknown} [body]
 */

const refreshMillis = 1500;
const shown = 50;

async function refresh() {
  const [summary, list] = await Promise.all([
    fetch('/_sandbox/summary').then((answer) => answer.json()),
    fetch('/_sandbox/requests?bodies=false').then((answer) => answer.json()),
  ]);
  const { accepted, duplicates } = summary.events;
  byId('totals').textContent =
    `${summary.requests.total} requests, ${accepted} events accepted, ` +
    `of which ${duplicates} Meta would have de-duplicated.`;
  byId('requests').replaceChildren(...list.requests.slice(-shown).reverse().map(requestRow));
}

/** @param {ReceivedRequest} request */
function requestRow(request) {
  const { time, method, path, events, bytes, status, error, fault } = request;
  const created = row([time.slice(11, 23), method, path, events, bytes, status ?? '', error ?? '', fault ?? '']);
  const button = element('button', 'body');
  button.addEventListener('click', () => showBody(request.id, `${method} ${path}, ${time}`));
  const cell = element('td');
  cell.append(button);
  created.append(cell);
  return created;
}

/**
 * @param {number} id
 * @param {string} name
 */
async function showBody(id, name) {
  const answer = await fetch(`/_sandbox/requests?limit=1&since=${id - 1}`);
  /** @type {{ readonly requests: readonly ReceivedRequest[] }} */
  const { requests } = await answer.json();
  const body = requests.find((request) => request.id === id)?.body ?? null;
  byId('chosen').hidden = false;
  byId('name').textContent = name;
  byId('body').textContent = body === null ? 'no longer kept' : JSON.stringify(body, null, 2);
  byId('chosen').scrollIntoView({ behavior: 'smooth' });
}

await every(refreshMillis, refresh);
