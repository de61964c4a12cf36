/** What a page writes is text, never markup: it shows what strangers sent. */

/**
 * @param {string} id
 * @returns {HTMLElement}
 */
export function byId(id) {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no element ${id}`);
  return found;
}

/**
 * @param {string} name
 * @param {string} [text]
 * @param {string} [className]
 * @returns {HTMLElement}
 */
export function element(name, text, className) {
  const created = document.createElement(name);
  if (text !== undefined) created.textContent = text;
  if (className !== undefined) created.className = className;
  return created;
}

/**
 * A row of a table; numbers stand to the right.
 *
 * @param {readonly (string | number)[]} cells
 * @returns {HTMLElement}
 */
export function row(cells) {
  const created = element('tr');
  for (const cell of cells) {
    created.append(element('td', String(cell), typeof cell === 'number' ? 'number' : undefined));
  }
  return created;
}

/**
 * Refreshes the page for as long as it is open, and says so while there is no answer.
 *
 * @param {number} millis
 * @param {() => Promise<void>} refresh
 * @returns {Promise<never>}
 */
export async function every(millis, refresh) {
  for (;;) {
    try {
      await refresh();
      byId('state').hidden = true;
    } catch {
      byId('state').hidden = false;
    }
    await new Promise((resolve) => setTimeout(resolve, millis));
  }
}
