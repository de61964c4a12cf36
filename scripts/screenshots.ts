/**
 * Pictures of every page, and of a token that is refused, in both widths and both themes, into docs/console/:
 * `node scripts/screenshots.ts CONSOLE SANDBOX`, the addresses that `npm run demo` prints. The pages name the machine: give it
 * another name first (`unshare -u`). Needs Chromium.
 */
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { argv, env } from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { chromium } from 'playwright-core';

const target = resolve(import.meta.dirname, '../docs/console');
const [console = '', sandbox = ''] = argv.slice(2).map((url) => url.replace(/\/$/, ''));

const { letters } = (await (
  await fetch(`${console}/api/v1/dead-letters?code=PURCHASE_CURRENCY_MISSING&limit=1`)
).json()) as { readonly letters: readonly { readonly id: string }[] };

const pages: Readonly<Record<string, string>> = {
  overview: console,
  destination: `${console}/destinations/web-store`,
  audiences: `${console}/audiences`,
  'dead-letters': `${console}/dead-letters`,
  'dead-letter': `${console}/dead-letters/${letters[0]?.id ?? ''}`,
  workbench: `${console}/workbench`,
  live: `${console}/live`,
  'sandbox-requests': sandbox,
  'sandbox-events': `${sandbox}/page/events`,
  'sandbox-audiences': `${sandbox}/page/audiences`,
  'sandbox-faults': `${sandbox}/page/faults`,
};

// Meta is asked for the names of audiences when somebody looks at them.
await fetch(`${console}/api/v1/audiences`);

const browser = await chromium.launch({
  executablePath: env['CHROMIUM'] ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
});
await inEveryLook(async (take) => {
  for (const [name, url] of Object.entries(pages)) await take(name, url);
});
// Last, because charts show it for a while.
await refuseToken(true);
await inEveryLook((take) => take('blocked', console));
await refuseToken(false);
await browser.close();

type Take = (name: string, url: string) => Promise<void>;

async function inEveryLook(show: (take: Take) => Promise<void>): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const)
    for (const [width, height] of [
      [1400, 900],
      [390, 844],
    ] as const) {
      const context = await browser.newContext({ viewport: { width, height }, colorScheme, reducedMotion: 'reduce' });
      const page = await context.newPage();
      const session = await context.newCDPSession(page);
      await show(async (name, url) => {
        await page.goto(url);
        // Until figures and charts have come.
        await sleep(2500);
        const { data } = await session.send('Page.captureScreenshot', { format: 'webp', quality: 80 });
        writeFileSync(join(target, `${name}-${width}-${colorScheme}.webp`), Buffer.from(data, 'base64'));
      });
      await context.close();
    }
}

/** Within seconds every lane stands still; they go on by themselves when the token is taken again. */
async function refuseToken(refuses: boolean): Promise<void> {
  const page = await browser.newPage();
  await page.goto(pages['sandbox-faults'] ?? '');
  await page.getByRole('switch', { name: 'Token refused', checked: !refuses }).click();
  await page.getByRole('switch', { name: 'Token refused', checked: refuses }).waitFor();
  if (refuses) {
    await page.goto(console);
    await page.locator('h1', { hasText: 'are blocked' }).waitFor();
  }
  await page.close();
}
