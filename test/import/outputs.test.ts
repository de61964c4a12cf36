import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { outputsOf } from '../../src/cli/import/output-files.ts';
import { runTestFile } from '../../src/cli/test/run-tests.ts';
import { loadAvailableActions } from '../../src/connector/available-actions.ts';
import { renderMarkdown, renderReport, reportOf } from '../../src/import/report.ts';
import { importedSample, sampleExports } from '../support/imported.ts';

const actions = await loadAvailableActions(undefined);
const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

describe.each(sampleExports())('what the import of %s: %s writes', (kind, sample) => {
  const found = importedSample(kind, sample);

  test('has tests that pass, one of each subscription that is on', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'meta-actions-import-test-'));
    folders.push(folder);
    for (const draft of found.destinations) {
      const outputs = outputsOf(draft, folder, actions, Date.parse('2026-11-20T12:00:00Z'));
      for (const { path, text } of outputs) writeFileSync(path, text);
      const testFile = outputs.find(({ path }) => path.endsWith('.test.json'));
      if (testFile === undefined) continue;
      const { results, problems } = await runTestFile(testFile.path, { actions, update: false, filter: undefined });
      expect(problems).toEqual([]);
      expect(results.filter(({ passed }) => !passed)).toEqual([]);
      const on = draft.subscriptions.filter(({ enabled }) => enabled).map(({ name }) => name);
      const tested = results.map(({ name }) => name.split(': an event that')[0]);
      expect(tested).toEqual(expect.arrayContaining(on));
    }
  });

  test('has a report with every setting that is told of, and no secret in it', () => {
    const report = reportOf(found);
    const markdown = renderMarkdown(report);
    for (const { path } of report.settings) expect(markdown).toContain(path.replaceAll('`', "'"));
    expect(`${markdown}${renderReport(report)}${JSON.stringify(report)}`).not.toMatch(/EAA[A-Za-z0-9]{16}/);
  });
});
