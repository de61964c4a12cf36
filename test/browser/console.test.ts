import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { produceRecords } from '../../src/kafka/client/produce.ts';
import { openBrowser, type WatchedBrowser } from '../support/browser.ts';
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

  /** Pasted in the place of what stands in an editor. */
  async function write(page: Page, editor: string, text: string): Promise<void> {
    await page.evaluate(`navigator.clipboard.writeText(${JSON.stringify(text)})`);
    await page.getByRole('textbox', { name: editor, exact: true }).focus();
    await page.keyboard.press('ControlOrMeta+A');
    await page.keyboard.press('ControlOrMeta+V');
  }

  /** The number below a name of the overview. */
  async function step(page: Page, name: string): Promise<number> {
    const text = await page.locator('.funnel .step', { hasText: name }).locator('.value').textContent();
    return Number(text?.replace(/\D/g, ''));
  }

  it('count on while the shop goes on', async () => {
    const page = await browser.open();
    await page.goto(demo.console);
    await page.locator('.funnel').waitFor();
    const [read, accepted] = [await step(page, 'Read'), await step(page, 'Accepted')];
    await expect.poll(() => step(page, 'Read')).toBeGreaterThan(read);
    await expect.poll(() => step(page, 'Accepted')).toBeGreaterThan(accepted);
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
    expect(await needs.textContent()).toMatch(/Nothing is lost.*system user token/s);
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
    await page.getByText('This event would be sent to web-store (Orders).').waitFor();
    const event = { type: 'track', event: 'Signed Up', messageId: 'm-1', userId: 'u-7', timestamp: new Date() };
    await write(page, 'Event', JSON.stringify({ ...event, context: { page: { url: 'https://shop.example.com/' } } }));
    await page.getByText('This event would be sent to web-store (Sign-ups).').waitFor();
    const file = readFileSync(join(demo.mappings, 'web-store.json'), 'utf8');
    await write(
      page,
      'Mapping of web-store.json',
      file.replace('event = \\"Signed Up\\"', 'event = = \\"Signed Up\\"'),
    );
    await page.getByText('The mapping has an error.').waitFor();
    await page
      .getByRole('list', { name: 'Problems' })
      .getByText(/line \d+:/)
      .first()
      .waitFor();
    await page.locator('.cm-lintRange-error').first().waitFor();
    await write(page, 'Mapping of web-store.json', file.replace('\\"Signed Up\\"', '\\"Sign Up\\"'));
    await page.getByText('This event is not sent: no subscription selects it.').waitFor();
    const signUps = page.locator('details.result', { hasText: 'Sign-ups' });
    await signUps.locator('summary').click();
    await signUps.getByText('saw "Signed Up"').waitFor();
    await page.getByRole('button', { name: 'Undo all' }).click();
    await page.getByText('This event would be sent to web-store (Sign-ups).').waitFor();
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
    await write(page, 'Mapping of web-store.json', mended);
    await page.getByText('This event would be sent to web-store (Orders).').waitFor();
    const downloading = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download' }).click();
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
    const text = await page.getByRole('region', { name: 'The event, line by line' }).textContent();
    const [, id = 'none'] = /"messageId": "([^"]+)"/.exec(text ?? '') ?? [];
    const received = async () =>
      (await (await fetch(`${demo.sandbox}/events?event_id=${id}`)).json()) as { events: object[] };
    await expect.poll(async () => (await received()).events.length).toBe(1);
  });

  it('show what strangers wrote as text, with what can’t be seen by its code point', async () => {
    const name = '<img src=x onerror=alert(1)>\u202egnp.exe';
    const common = { timestamp: new Date(), userId: 'u-1001', messageId: 'hostile' };
    const personas = { computation_class: 'audience', computation_key: name };
    const traits = { email: 'ada@example.com', [name]: true };
    await produceRecords({ brokers: [demo.broker], clientId: 'test' }, 'shop-events', [
      { value: JSON.stringify({ ...common, type: 'purchase', event: name }) },
      { key: 'u-1001', value: JSON.stringify({ ...common, type: 'identify', traits, context: { personas } }) },
    ]);
    const page = await browser.open();
    const pages = [
      `${demo.console}/dead-letters?q=hostile`,
      `${demo.console}/audiences`,
      `${demo.sandbox}/page/audiences`,
    ];
    for (const url of pages) {
      await page.goto(url);
      const shown = page.locator('main bdi', { hasText: '<img src=x onerror=alert(1)>' }).first();
      await shown.waitFor();
      expect(await shown.locator('.unseen').first().textContent(), url).toBe('U+202E');
      expect(await page.locator('main img').count(), url).toBe(0);
    }
  });

  it('can be used by the keyboard alone', async () => {
    const page = await browser.open();
    await page.goto(demo.console);
    await page.locator('.funnel').waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('d');
    await page.locator('h1', { hasText: 'set aside' }).waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('Order Completed');
    await expect.poll(() => page.url()).toContain('q=Order+Completed');
    await page.getByRole('searchbox').blur();
    await page.locator('.letters a').first().waitFor();
    await page.keyboard.press('k');
    await page.keyboard.press('Enter');
    await page.locator('article.letter').waitFor();
    await page.keyboard.press('?');
    await page.getByRole('complementary', { name: 'Keys' }).waitFor();
    await page.goBack();
    await page.locator('h1', { hasText: 'set aside' }).waitFor();
  });

  it.each(['light', 'dark'] as const)('have no serious fault for who can’t see well, in %s', async (scheme) => {
    const page = await browser.open({ scheme });
    const views = ['', '/destinations/web-store', '/audiences', '/dead-letters', '/workbench', '/live'].map(
      (path) => `${demo.console}${path}`,
    );
    const sandbox = ['', '/page/events', '/page/audiences', '/page/faults'].map((path) => `${demo.sandbox}${path}`);
    for (const url of [...views, ...sandbox]) {
      await page.goto(url);
      await page.locator('main h1:not(:text("Looking …"))').waitFor();
      await page.evaluate(axe.source);
      const found = await page.evaluate(async (rules) => {
        const { axe } = globalThis as unknown as { axe: { run(rules: object): Promise<AxeResults> } };
        const { violations } = await axe.run(rules);
        return violations.map(({ id, impact, nodes }) => ({ id, impact, at: nodes.map(({ html }) => html) }));
      }, rulesOf(scheme));
      expect(
        found.filter(({ impact }) => impact === 'serious' || impact === 'critical'),
        url,
      ).toEqual([]);
    }
  });

  it('fit a phone without sideways scrolling', async () => {
    const page = await browser.open({ width: 390 });
    for (const path of ['', '/destinations/web-store', '/audiences', '/dead-letters', '/workbench', '/live']) {
      await page.goto(`${demo.console}${path}`);
      await page.locator('main h1:not(:text("Looking …"))').waitFor();
      expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth'), path).toBeLessThanOrEqual(0);
    }
  });

  it('had no error on the way, and asked no other host for anything', () => {
    // A lane that has come to rest before somebody tried it now is gone, which the browser notes.
    const restedLane = /404 \(Not Found\) \S+\/lanes\/[^/]+\/resume$/;
    expect(browser.troubles().filter((trouble) => !restedLane.test(trouble))).toEqual([]);
  });
});

/** All in the one theme; in the other what a theme can change. */
function rulesOf(scheme: 'light' | 'dark'): object {
  return scheme === 'light' ? {} : { runOnly: ['color-contrast'] };
}

interface AxeResults {
  readonly violations: readonly {
    readonly id: string;
    readonly impact: string;
    readonly nodes: readonly { readonly html: string }[];
  }[];
}
