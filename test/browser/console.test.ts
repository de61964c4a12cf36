import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser, type WatchedBrowser } from '../support/browser.ts';
import { withChromium } from '../support/needs.ts';
import { type RunningDemo, startDemo } from '../support/running-demo.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

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
    for (const button of await needs.getByRole('button', { name: 'Try now' }).all()) {
      await button.click();
      await needs.getByRole('button', { name: 'Try now', exact: true }).first().click();
    }
    await expect.poll(() => page.locator('h1').textContent()).toContain('All is well');
    expect(await needs.count()).toBe(0);
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
      await page.evaluate(axe);
      const found = await page.evaluate(async () => {
        const { violations } = await (globalThis as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run();
        return violations.map(({ id, impact, nodes }) => ({ id, impact, at: nodes.map(({ html }) => html) }));
      });
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
    expect(browser.troubles()).toEqual([]);
  });
});

interface AxeResults {
  readonly violations: readonly {
    readonly id: string;
    readonly impact: string;
    readonly nodes: readonly { readonly html: string }[];
  }[];
}
