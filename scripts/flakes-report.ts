/** Which tests failed in the runs of `scripts/flakes.sh`, and how often: `flakes-report.ts RUNS FOLDER`. */
import { existsSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { argv } from 'node:process';

/** What vitest's JSON reporter writes, as far as it is read here. */
interface Report {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
}

const [, , runs = '0', folder = ''] = argv;
const failures = new Map<string, number>();
const count = (name: string) => failures.set(name, (failures.get(name) ?? 0) + 1);

for (let run = 1; run <= Number(runs); run++) {
  const path = join(folder, `${run}.json`);
  if (existsSync(path)) for (const name of failed(path)) count(name);
  else count('the run ended without a report');
}
for (const [name, times] of [...failures].sort((one, other) => other[1] - one[1])) {
  console.log(`flakes: ${times} of ${runs}: ${name}`);
}

function failed(path: string): readonly string[] {
  const report: Report = JSON.parse(readFileSync(path, 'utf8'));
  return report.testResults.flatMap(({ name, status, assertionResults }) => {
    const file = relative(process.cwd(), name);
    const tests = assertionResults
      .filter((one) => one.status === 'failed')
      .map(({ fullName }) => `${file} ${fullName}`);
    return tests.length === 0 && status === 'failed' ? [`${file} (before its first test)`] : tests;
  });
}
