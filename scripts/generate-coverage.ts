/**
 * Writes docs/coverage.md from the statements in test/coverage.
 *
 *     node scripts/generate-coverage.ts
 *
 * A test fails when the page isn't what this would write.
 */
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { products } from '../test/coverage/products.ts';
import type { Product, Proof, Statement } from '../test/coverage/statement.ts';

const page = resolve(import.meta.dirname, '../docs/coverage.md');

const head = `<!-- Written by scripts/generate-coverage.ts. Change test/coverage instead. -->

# What users of other products expect

What the documents of five products say, statement by statement, how it is done here, and the command that shows it. A
statement without a command can't be had here, or isn't ours; the line says why.
`;

export function coveragePage(): string {
  return [head, ...products.map(section)].join('\n');
}

function section({ product, statements }: Product): string {
  const rows = statements.map((statement, index) => row(statement, index + 1));
  return `## ${product}\n\n| | statement | here | shown by |\n|---|---|---|---|\n${rows.join('\n')}\n`;
}

function row([statement, how, proof]: Statement, number: number): string {
  const cells = [String(number), statement, 'not' in proof ? [how, proof.not].filter(Boolean).join(': ') : how];
  return `| ${[...cells, commandOf(proof)].map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

function commandOf(proof: Proof): string {
  if ('run' in proof) return `\`npx vitest run test/coverage -t 'the run "${proof.run}"'\``;
  if ('code' in proof) return '`npx vitest run test/coverage`';
  return 'test' in proof ? `\`npx vitest run ${proof.test}\`` : '';
}

if (import.meta.main) {
  writeFileSync(page, coveragePage());
  console.log(`wrote ${page}`);
}
