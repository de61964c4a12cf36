import { type Figure, isMet, type PartResult, type Target, type Unit } from './results.ts';

/** As text for people: `36.2 µs`, `25,400 /s`, `1.4 ×`. */
export function shown(value: number, unit: Unit): string {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  const number = value.toLocaleString('en', { maximumFractionDigits: digits });
  return unit === '' ? number : `${number} ${unit}`;
}

function rowOf({ name, value, unit, floor, note }: Figure): readonly string[] {
  const floorText = floor === undefined ? '' : shown(floor, unit);
  const ratio = floor === undefined ? '' : `${shown(value / floor, '')} ×`;
  return [name, shown(value, unit), floorText, ratio, note ?? ''];
}

const heads = ['', 'measured', 'floor', 'of the floor', ''];

export function limitText({ unit, atMost, atLeast }: Target): string {
  if (atMost === 0) return 'none';
  return atMost === undefined ? `at least ${shown(atLeast ?? 0, unit)}` : `at most ${shown(atMost, unit)}`;
}

function verdict(target: Target): string {
  const { name, value, unit } = target;
  return `${isMet(target) ? 'holds ' : 'BROKEN'}  ${name}: ${shown(value, unit)} (${limitText(target)})`;
}

/** For the terminal. */
export function plainTable({ title, figures, targets = [] }: PartResult): string {
  const rows = [heads, ...figures.map(rowOf)];
  const widths = heads.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) =>
    row
      .map((cell, column) =>
        column === 0 || column === 4 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  );
  return [`\n${title}`, ...lines, ...targets.map(verdict)].join('\n');
}

/** For the docs. Columns that nobody fills are left out. */
export function markdownTable(figures: readonly Figure[]): string {
  const rows = figures.map(rowOf);
  const used = heads.map((_, column) => column < 2 || rows.some((row) => row[column] !== ''));
  const line = (cells: readonly string[]) => `| ${cells.filter((_, column) => used[column]).join(' | ')} |`;
  const rule = line(['---', '---:', '---:', '---:', '---']);
  return [line(heads), rule, ...rows.map(line)].join('\n');
}
