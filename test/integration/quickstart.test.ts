import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { page, recordedPage } from '../../scripts/record-quickstart.ts';

test('the commands of the quick start print what the page says (node scripts/record-quickstart.ts records them anew)', async () => {
  const written = readFileSync(page, 'utf8');
  expect(await recordedPage(written)).toBe(written);
});
