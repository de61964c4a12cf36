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
import { type Product, type Statement, titleOf } from '../test/coverage/statement.ts';

const page = resolve(import.meta.dirname, '../docs/coverage.md');

const head = `<!-- Written by scripts/generate-coverage.ts. Change test/coverage instead. -->

# What users of other products expect

What the documents of five products say, statement by statement, how it is done here, and the command that shows it. A
statement without a command can't be had here, or isn't ours; the line says why. Every command has records read, prepared
and sent over HTTP by the whole connector, to the sandbox in the place of Meta, or runs a command of the program.
`;

export function coveragePage(): string {
  return [head, ...products.map(section)].join('\n');
}

function section(product: Product): string {
  const rows = product.statements.map((statement, index) => row(product, statement, index));
  return `## ${product.product}\n\n| | statement | here | shown by |\n|---|---|---|---|\n${rows.join('\n')}\n`;
}

function row(product: Product, [statement, how, proof]: Statement, index: number): string {
  const cells = [String(index + 1), statement, 'not' in proof ? [how, proof.not].filter(Boolean).join(': ') : how];
  const command =
    'not' in proof ? '' : `\`npx vitest run test/integration/statements.test.ts -t '${titleOf(product, index)}:'\``;
  return `| ${[...cells, command].map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

if (import.meta.main) {
  writeFileSync(page, coveragePage());
  console.log(`wrote ${page}`);
}
