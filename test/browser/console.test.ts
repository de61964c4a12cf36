import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser, type WatchedBrowser, writeIn } from '../support/browser.ts';
import { withChromium } from '../support/needs.ts';
import { type RunningDemo, startDemo } from '../support/running-demo.ts';

describe('the pages of the demo in a browser', withChromium, () => {
  let demo: RunningDemo;
  let browser: WatchedBrowser;
  beforeAll(async () => {
    demo = await startDemo();
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await demo?.stop();
  });

  /** The number below a name of the overview. */
  async function step(page: Page, name: string): Promise<number> {
    const text = await page.locator(`.funnel .step:has(.name:text-is("${name}")) .value`).textContent();
    return Number(text?.replace(/\D/g, ''));
  }

  it('count on while the shop goes on', async () => {
    const page = await browser.open();
    await page.goto(demo.console);
    await page.locator('.funnel').waitFor();
    const names = ['Read', 'Matched', 'Sent', 'Accepted'];
    const before = new Map<string, number>();
    for (const name of names) before.set(name, await step(page, name));
    for (const name of names)
      await expect.poll(() => step(page, name), { message: name }).toBeGreaterThan(before.get(name) ?? 0);
    await expect.poll(() => page.locator('h1').textContent()).toContain('All is well');
  });

  it('pause a destination and let it go on', async () => {
    const page = await browser.open();
    await page.goto(`${demo.console}/destinations/web-store`);
    await page.getByRole('button', { name: 'Pause …' }).click();
    await page.getByRole('button', { name: 'Pause now' }).click();
    await page.locator('h1 .mark.paused').waitFor();
    await page.getByRole('button', { name: 'Resume …' }).click();
    await page.getByRole('button', { name: 'Resume', exact: true }).click();
    await page.locator('h1 .mark.well').waitFor();
  });

  it('show a refused token with its cause and what to do, and are green when it is mended', async () => {
    const faults = await browser.open();
    await faults.goto(`${demo.sandbox}/page/faults`);
    await faults.getByRole('switch', { name: 'Token refused' }).click();
    const page = await browser.open();
    await page.goto(demo.console);
    const needs = page.getByRole('region', { name: 'Needs you' });
    await needs.getByText('META_190').first().waitFor();
    expect(await needs.textContent()).toMatch(/access token.*Create a new system user token/s);
    expect(await page.locator('h1').textContent()).toMatch(/blocked. Nothing is lost/);
    await faults.getByRole('switch', { name: 'Token refused' }).click();
    await faults.getByText('The sandbox behaves.').waitFor();
    const again = needs.getByRole('button', { name: 'Try now' }).first();
    await expect
      .poll(async () => {
        // Each lane has one of its own, which goes when the lane is well.
        await again.click({ timeout: 1000 }).catch(() => undefined);
        return page.locator('h1').textContent();
      })
      .toContain('All is well');
    expect(await needs.count()).toBe(0);
  });

  it('show in the workbench what breaks a trigger, and what is sent when it is mended', async () => {
    const page = await browser.open();
    await page.goto(`${demo.console}/workbench`);
    await page.locator('h1', { hasText: 'This event would be sent to web-store (Orders).' }).waitFor();
    const event = { type: 'track', event: 'Signed Up', messageId: 'm-1', userId: 'u-7', timestamp: new Date() };
    await writeIn(page, 'Event', JSON.stringify({ ...event, context: { page: { url: 'https://shop.example.com/' } } }));
    await page.locator('h1', { hasText: 'This event would be sent to web-store (Sign-ups).' }).waitFor();
    const file = readFileSync(join(demo.mappings, 'web-store.json'), 'utf8');
    await writeIn(
      page,
      'Mapping of web-store.json',
      file.replace('event = \\"Signed Up\\"', 'event = = \\"Signed Up\\"'),
    );
    await page.locator('h1', { hasText: 'The mapping has an error.' }).waitFor();
    await page
      .getByRole('list', { name: 'Problems' })
      .getByText(/line \d+:/)
      .first()
      .waitFor();
    await page.locator('.cm-lintRange-error').first().waitFor();
    await writeIn(page, 'Mapping of web-store.json', file.replace('\\"Signed Up\\"', '\\"Sign Up\\"'));
    await page.locator('h1', { hasText: 'This event is not sent: no subscription selects it.' }).waitFor();
    const signUps = page.locator('details.result', { hasText: 'Sign-ups' });
    await signUps.locator('summary').click();
    await signUps.getByText('saw "Signed Up"').waitFor();
    await page.getByRole('button', { name: 'Undo all' }).click();
    await page.locator('h1', { hasText: 'This event would be sent to web-store (Sign-ups).' }).waitFor();
    await page.getByRole('region', { name: 'Body of the request' }).getByText('"CompleteRegistration"').waitFor();
  });

  it('lead from a dead letter to a mapping that mends it, and send it again', async () => {
    const page = await browser.open();
    await page.goto(`${demo.console}/dead-letters`);
    await page.getByRole('link', { name: 'A Purchase needs a currency' }).first().click();
    await page.locator('.letters a', { hasText: 'Order Completed' }).first().click();
    await page.getByRole('heading', { name: 'A Purchase needs a currency' }).waitFor();
    await page.locator('.line.fault', { hasText: '"currency": null' }).waitFor();
    await page.getByText('this event would be refused again').waitFor();
    const letter = page.url();

    await page.getByRole('link', { name: 'Open in the workbench' }).click();
    const path = join(demo.mappings, 'web-store.json');
    const before = readFileSync(path, 'utf8');
    const mended = before.replace('"mapping": { "value":', '"mapping": { "currency": "USD", "value":');
    await writeIn(page, 'Mapping of web-store.json', mended);
    await page.locator('h1', { hasText: 'This event would be sent to web-store (Orders).' }).waitFor();
    const downloading = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download', exact: true }).click();
    await (await downloading).saveAs(path);
    expect(readFileSync(path, 'utf8')).toBe(mended);
    await page.getByRole('button', { name: 'Read the files again …' }).click();
    await page.getByRole('button', { name: 'Read them again' }).click();
    await page.getByRole('button', { name: 'Read the files again …' }).waitFor();

    await page.goto(letter);
    await page.getByText('this event would be sent').waitFor();
    await page.keyboard.press('r');
    await page.getByRole('button', { name: 'Replay this event' }).click();
    await page.getByText('This event was sent again, and Meta accepted it.').waitFor();
    writeFileSync(path, before);
    await page.goto(`${letter.replace(/\?.*/, '')}?state=replayed`);
    await page.locator('.today', { hasText: 'replayed' }).waitFor();
    await page.goto(`${demo.console}/dead-letters?state=replayed`);
    await page.locator('.letters .tag', { hasText: 'replayed' }).first().waitFor();
    await page.goBack();
    const text = await page.getByRole('region', { name: 'The event, line by line' }).textContent();
    const [, id = 'none'] = /"messageId": "([^"]+)"/.exec(text ?? '') ?? [];
    await receivedAtMeta(id);
  });

  it('try a mapping without end, an event of megabytes, and stay in use', async () => {
    const page = await browser.open();
    await page.goto(`${demo.console}/workbench`);
    await page.locator('h1', { hasText: 'This event would be sent to web-store (Orders).' }).waitFor();
    const file = readFileSync(join(demo.mappings, 'web-store.json'), 'utf8');
    const endless = '{% for i in (1..100000000) %}x{% endfor %}';
    const looping = file.replace(
      '"mapping": { "value":',
      `"mapping": { "order_id": { "@liquid": "${endless}" }, "value":`,
    );
    await writeIn(page, 'Mapping of web-store.json', looping);
    await page.getByRole('list', { name: 'Problems' }).getByText('line 21:').first().waitFor();
    await page.locator('.cm-lintRange-error').first().waitFor();
    await page.getByRole('button', { name: 'Undo all' }).click();

    const products = Array.from({ length: 20_000 }, (_, at) => ({ product_id: `p-${at}`, quantity: 1, price: 1.5 }));
    const properties = { currency: 'EUR', total: 5, order_id: 'large', products, note: 'x"y'.repeat(1_200_000) };
    const event = { type: 'track', event: 'Order Completed', messageId: 'large', userId: 'u-7', timestamp: new Date() };
    const text = JSON.stringify({ ...event, properties, context: { page: { url: 'https://shop.example.com/' } } });
    expect(text.length).toBeGreaterThan(5_000_000);
    await writeIn(page, 'Event', text);
    await page.getByRole('region', { name: 'Body of the request' }).getByText('"order_id": "large"').waitFor();
    // However slow the machine is: little of it is drawn.
    expect(await page.evaluate('document.querySelectorAll("*").length')).toBeLessThan(5_000);
    await page.keyboard.type(' ');
    const small = { type: 'page', messageId: 'small', userId: 'u-7', timestamp: new Date() };
    await writeIn(page, 'Event', JSON.stringify({ ...small, context: { page: { url: 'https://shop.example.com/' } } }));
    await page.locator('h1', { hasText: 'This event would be sent to web-store (Pages).' }).waitFor();
  });

  it('complete what is written in a mapping, and give it out as it stands in the editor', async () => {
    const page = await browser.open();
    await page.goto(`${demo.console}/workbench`);
    await writeIn(page, 'Mapping of web-store.json', '{\n  "name": "web-store",\n  "subs');
    await page.keyboard.press('Control+Space');
    // By a click: the editor takes no key for what has only just appeared.
    await page.locator('.cm-tooltip-autocomplete li', { hasText: '"subscriptions"' }).click();
    await page.locator('.cm-line', { hasText: '"subscriptions": ' }).waitFor();
    await page.getByRole('button', { name: 'Copy the file' }).click();
    await page.getByRole('button', { name: 'Copied' }).waitFor();
    const copied = await page.evaluate('navigator.clipboard.readText()');
    expect(copied).toBe('{\n  "name": "web-store",\n  "subscriptions": ');
  });

  it('show the event of a live decision, its very request, and a copy to edit, which is only given out', async () => {
    const page = await browser.open();
    await page.goto(`${demo.console}/live?outcome=sent&event=Product+Added`);
    await page.locator('.live a[data-row]').first().click();
    await page.getByText('It came by a moment ago.').waitFor();
    const body = page.getByRole('region', { name: 'Body of the request' });
    await body.getByText('"AddToCart"').waitFor();
    await page.getByRole('button', { name: 'Show identifiers (this is logged)' }).click();
    await body.getByText('"client_ip_address"').waitFor();
    await body.getByText('[hidden]').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'As sent' }).click();
    await page.getByText(/^Byte for byte: [\d,]+ bytes\.$/).waitFor();
    const sent = (await body.textContent()) ?? '';
    const [, id = 'none'] = /"event_id":"([^"]+)"/.exec(sent) ?? [];
    const received = await receivedAtMeta(id);
    expect(sent).toBe(JSON.stringify({ data: [received] }));

    await page.getByRole('button', { name: 'Edit a copy' }).click();
    await page.getByRole('textbox', { name: 'Event', exact: true }).waitFor();
    await page.locator('h1', { hasText: 'This event would be sent to web-store (Carts).' }).waitFor();
    const downloading = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download the event' }).click();
    expect(JSON.parse(readFileSync(await (await downloading).path(), 'utf8'))).toMatchObject({ messageId: id });
    await page.getByRole('textbox', { name: /^Send it as a test event/ }).fill('TEST1');
    await page.getByRole('button', { name: 'Send as test' }).click();
    await page.locator('form.test .mark.well').waitFor();
  });

  it('show on the live page nothing but what was asked for, also what came before', async () => {
    const page = await browser.open();
    await page.goto(`${demo.console}/live?outcome=sent`);
    await page.locator('.live .mark.well').first().waitFor();
    await page.getByRole('link', { name: 'Left out' }).click();
    await page.locator('.live .mark.paused').first().waitFor();
    expect(await page.locator('.live .mark.well').count()).toBe(0);
  });

  it('show a dead letter that was opened in a tab behind others', async () => {
    const answer = await fetch(`${demo.console}/api/v1/dead-letters?limit=1`);
    const { letters } = (await answer.json()) as { readonly letters: readonly { readonly id: string }[] };
    const page = await browser.open();
    await page.addInitScript(`Object.defineProperty(document, 'hidden', { get: () => true })`);
    await page.goto(`${demo.console}/dead-letters/${letters[0]?.id}`);
    await page.getByText(/With today’s mapping this event/).waitFor();
  });

  it('keep a list of the last hours in its place as they go by', async () => {
    const page = await browser.open();
    await page.clock.install();
    await page.goto(`${demo.console}/dead-letters?span=24h`);
    await page.locator('.letters a').first().waitFor();
    await page.evaluate(`document.querySelector('.letters').id = 'seen'`);
    await page.clock.fastForward(90_000);
    const later = await page.waitForRequest((request) => /groups\?since=/.test(request.url()));
    await later.response();
    await page.waitForRequest((request) => /groups\?since=/.test(request.url()));
    expect(await page.locator('#seen').count()).toBe(1);
  });

  /** The event, when it is there. */
  async function receivedAtMeta(id: string): Promise<unknown> {
    const find = async () => {
      const answer = await fetch(`${demo.sandbox}/events?event_id=${encodeURIComponent(id)}`);
      return ((await answer.json()) as { readonly events: readonly { readonly event: unknown }[] }).events[0]?.event;
    };
    await expect.poll(find).toBeDefined();
    return find();
  }

  it('had no error on the way, and asked no other host for anything', () => {
    // A lane that has come to rest before somebody tried it now is gone, which the browser notes.
    const restedLane = /404 \(Not Found\) \S+\/lanes\/[^/]+\/resume$/;
    expect(browser.troubles().filter((trouble) => !restedLane.test(trouble))).toEqual([]);
  });

  // Behind the one before: the browser notes each request that fails.
  it('come back by themselves when the process does', async () => {
    const page = await browser.open();
    let isAway = true;
    await page.route('**/api/v1/**', (route) => (isAway ? route.abort() : route.continue()));
    await page.goto(`${demo.console}/workbench`);
    await page.getByText('No answer: the process has ended').first().waitFor();
    isAway = false;
    await page.locator('h1', { hasText: 'This event would be sent to web-store (Orders).' }).waitFor();
    await page.getByRole('textbox', { name: 'Mapping of web-store.json' }).waitFor();
  });
});
