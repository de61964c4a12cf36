import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { produceRecords } from '../../src/kafka/client/produce.ts';
import { openBrowser, type WatchedBrowser } from '../support/browser.ts';
import { withChromium } from '../support/needs.ts';
import { type RunningDemo, startDemo } from '../support/running-demo.ts';

describe('every page of the demo in a browser', withChromium, () => {
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

  const markup = '<img src=x onerror=alert(1)>';
  /** What a browser would take for markup, turn around, hide, or not find a place for. */
  const names = [`Strange ${markup}\u202egnp.exe`, 'Strange\u200b\u0007', `Strange Long ${'N'.repeat(10_000)}`];

  /** Events of strangers that end on every page: set aside, matched by nothing, and in the name of an audience. */
  async function produceHostile(): Promise<void> {
    const common = { timestamp: new Date(), userId: 'u-1001', messageId: 'hostile' };
    const traits = { email: 'ada@example.com', [names[0] ?? '']: true };
    const personas = { computation_class: 'audience', computation_key: names[0] };
    await produceRecords({ brokers: [demo.broker], clientId: 'test' }, 'shop-events', [
      ...names.flatMap((name) => [
        { value: JSON.stringify({ ...common, type: 'purchase', event: name }) },
        { value: JSON.stringify({ ...common, type: 'track', event: name }) },
      ]),
      { key: 'u-1001', value: JSON.stringify({ ...common, type: 'identify', traits, context: { personas } }) },
    ]);
  }

  async function letterOf(code: string, value?: string): Promise<string> {
    const query = new URLSearchParams({ code, limit: '1', ...(value !== undefined && { value }) });
    const find = async () => {
      const answer = await fetch(`${demo.console}/api/v1/dead-letters?${query}`);
      return ((await answer.json()) as { readonly letters: readonly { readonly id: string }[] }).letters[0]?.id;
    };
    await expect.poll(find).toBeDefined();
    return encodeURIComponent((await find()) ?? '');
  }

  async function everyView(): Promise<readonly string[]> {
    const letter = await letterOf('PURCHASE_CURRENCY_MISSING');
    const own = ['', '/destinations/web-store', '/audiences', '/dead-letters', `/dead-letters/${letter}`];
    const views = [...own, '/workbench', `/workbench?letter=${letter}`, '/live'];
    const sandbox = ['', '/page/events', '/page/audiences', '/page/faults'];
    return [...views.map((path) => `${demo.console}${path}`), ...sandbox.map((path) => `${demo.sandbox}${path}`)];
  }

  async function open(page: Page, url: string): Promise<void> {
    await page.goto(url);
    await page.locator('main h1:not(:text("Looking …"))').waitFor();
    if (url.includes('/workbench')) await page.locator('.editor[data-ready]').last().waitFor();
  }

  it('shows what strangers wrote as text, what can’t be seen by its code point, and fits a phone', async () => {
    const page = await browser.open();
    await page.goto(`${demo.console}/live?event=Strange`);
    // The stream tells of what is decided from when it is open.
    const told = async () => {
      await produceHostile();
      const texts = await page.locator('main .live').allTextContents();
      return ['U+202E', 'U+200B', 'U+0007', 'Long NNN'].filter((each) => !texts.join().includes(each));
    };
    await expect.poll(told, { interval: 1000 }).toEqual([]);
    const hostile = `${demo.console}/dead-letters?q=hostile`;
    const letter = await letterOf('UNKNOWN_TYPE', 'onerror');
    const long = await letterOf('UNKNOWN_TYPE', 'Long NNN');
    const shows = [hostile, `${demo.console}/dead-letters/${letter}`, `${demo.console}/workbench?letter=${letter}`];
    for (const url of [...shows, `${demo.console}/audiences`, `${demo.sandbox}/page/audiences`]) {
      await open(page, url);
      await page.locator('main', { hasText: markup }).waitFor();
      await page.locator('main .unseen', { hasText: 'U+202E' }).first().waitFor();
    }
    const narrow = await browser.open({ width: 390 });
    for (const url of [...shows, `${demo.console}/dead-letters/${long}`, `${demo.console}/workbench?letter=${long}`]) {
      await open(narrow, url);
      expect(await narrow.locator('main img').count(), url).toBe(0);
      expect(await sideways(narrow), url).toBeLessThanOrEqual(0);
    }
  });

  it.each([
    { scheme: 'light', width: 1400 },
    { scheme: 'dark', width: 390 },
  ] as const)(
    'fits its window, shows no markup of strangers, and has no serious fault for who can’t see well: $scheme, $width wide',
    async (look) => {
      const page = await browser.open(look);
      for (const url of await everyView()) {
        await open(page, url);
        if (url.endsWith('/destinations/web-store')) {
          await page.getByRole('button', { name: 'Pause …' }).click();
          await page.getByRole('button', { name: 'Pause now' }).blur();
          await page.keyboard.press('?');
          await page.getByRole('heading', { name: 'Keys', includeHidden: true }).waitFor({ state: 'attached' });
        }
        expect(await seriousFaults(page), url).toEqual([]);
        expect(await sideways(page), url).toBeLessThanOrEqual(0);
        expect(await page.locator('main img').count(), url).toBe(0);
      }
    },
  );

  it('can be used by the keyboard alone', async () => {
    const page = await browser.open();
    await page.goto(demo.console);
    await page.locator('.funnel').waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    expect(await page.evaluate('document.activeElement.id')).toBe('main');
    for (const [key, heading] of [
      ['a', 'audience'],
      ['l', 'as it happens'],
      ['w', 'event'],
      ['o', 'events in the last'],
      ['d', 'set aside'],
    ] as const) {
      await page.evaluate('document.activeElement.blur()');
      await page.keyboard.press('g');
      await page.keyboard.press(key);
      await page.locator('h1', { hasText: heading }).waitFor();
    }
    await page.keyboard.press('/');
    await page.keyboard.type('Order Completed');
    await expect.poll(() => page.url()).toContain('q=Order+Completed');
    await page.getByRole('searchbox').blur();
    await page.locator('.letters a').first().waitFor();
    await page.keyboard.press('k');
    await page.keyboard.press('Enter');
    await page.locator('article.letter').waitFor();
    await page.keyboard.press('?');
    const keys = page.getByRole('complementary', { name: 'Keys' });
    await keys.waitFor();
    await page.keyboard.press('Escape');
    await keys.waitFor({ state: 'detached' });
    await page.goBack();
    await page.locator('h1', { hasText: 'set aside' }).waitFor();

    await page.goto(`${demo.console}/destinations/web-store`);
    const pause = page.getByRole('button', { name: 'Pause …' });
    await pause.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Pause now' }).waitFor();
    await page.keyboard.press('Escape');
    await expect.poll(() => page.evaluate('document.activeElement.textContent')).toBe('Pause …');
  });

  it('had no error on the way, and asked no other host for anything', () => {
    expect(browser.troubles()).toEqual([]);
  });
});

/** By how much the page is wider than its window. */
function sideways(page: Page): Promise<number> {
  return page.evaluate('document.documentElement.scrollWidth - innerWidth');
}

async function seriousFaults(page: Page): Promise<readonly object[]> {
  await page.evaluate(axe.source);
  const found = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: { run(): Promise<AxeResults> } };
    const { violations } = await axe.run();
    return violations.map(({ id, impact, nodes }) => ({ id, impact, at: nodes.map(({ html }) => html) }));
  });
  return found.filter(({ impact }) => impact === 'serious' || impact === 'critical');
}

interface AxeResults {
  readonly violations: readonly {
    readonly id: string;
    readonly impact: string;
    readonly nodes: readonly { readonly html: string }[];
  }[];
}
