import { type Browser, type BrowserContext, chromium as launcher, type Page } from 'playwright-core';
import { chromium } from './needs.ts';

/** A browser that reaches out to nobody by itself, and remembers what went wrong on its pages. */
export interface WatchedBrowser {
  /** What the console of a page said of errors, exceptions, and requests to another host. */
  troubles(): readonly string[];
  open(options?: PageOptions): Promise<Page>;
  close(): Promise<void>;
}

export interface PageOptions {
  readonly width?: number;
  readonly scheme?: 'light' | 'dark';
}

const quiet = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync'].concat([
  '--disable-background-networking',
  '--disable-component-update',
]);

export async function openBrowser(): Promise<WatchedBrowser> {
  const browser: Browser = await launcher.launch({ executablePath: chromium, args: quiet });
  const troubles = new Set<string>();
  const contexts: BrowserContext[] = [];
  return {
    troubles: () => [...troubles],
    async open({ width = 1400, scheme = 'light' } = {}) {
      const context = await browser.newContext({
        viewport: { width, height: width < 500 ? 844 : 900 },
        colorScheme: scheme,
        reducedMotion: 'reduce',
        acceptDownloads: true,
        permissions: ['clipboard-read', 'clipboard-write'],
      });
      contexts.push(context);
      const page = await context.newPage();
      page.setDefaultTimeout(60_000);
      page.on('dialog', (dialog) => troubles.add(`${page.url()}: a dialog says ${dialog.message()}`));
      page.on('pageerror', (error) => troubles.add(`${page.url()}: ${error.message}`));
      page.on('console', (message) => {
        if (message.type() === 'error') troubles.add(`${page.url()}: ${message.text()} ${message.location().url}`);
      });
      page.on('request', (request) => {
        const { hostname, protocol } = new URL(request.url());
        if (protocol !== 'blob:' && hostname !== '127.0.0.1') troubles.add(`${page.url()}: asked ${hostname}`);
      });
      return page;
    },
    async close() {
      for (const context of contexts) await context.close();
      await browser.close();
    },
  };
}

/** Pasted in the place of what stands in an editor. */
export async function writeIn(page: Page, editor: string, text: string): Promise<void> {
  await page.evaluate(`navigator.clipboard.writeText(${JSON.stringify(text)})`);
  await page.getByRole('textbox', { name: editor, exact: true }).focus();
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.press('ControlOrMeta+V');
}
