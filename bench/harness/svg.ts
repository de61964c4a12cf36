import type { Plot } from './results.ts';

const width = 720;
const height = 380;
const left = 72;
const right = 24;
const top = 64;
const bottom = 72;
const lineHeight = 15;
/** About what a letter takes. */
const letterWidth = 6.5;
const widestBar = 56;
const colours = ['#1f6feb', '#8c959f', '#d1642f', '#2da44e'];
const ink = '#1f2328';
const faint = '#d0d7de';

/** A plot as SVG that reads well on light and dark pages: it brings its own background. */
export function svg(plot: Plot): string {
  const { title, x, y, series } = plot;
  const highest = niceCeiling(Math.max(...series.flatMap(({ values }) => values)));
  const inner = { width: width - left - right, height: height - top - bottom };
  const yOf = (value: number) => top + inner.height * (1 - value / highest);
  const slot = inner.width / x.values.length;
  const middleOf = (index: number) => left + slot * (index + 0.5);
  const ticks = Array.from({ length: 5 }, (_, index) => (highest * index) / 4);
  const grid = ticks.map((value) => {
    const at = round(yOf(value));
    return `${line(left, at, width - right, at, faint)}${text(left - 8, at + 4, short(value), 'end')}`;
  });
  // So many labels as can be read.
  const step = Math.ceil(x.values.length / 12);
  const labels = x.values.map((value, index) =>
    index % step === 0
      ? wrapped(String(value), (slot * step) / letterWidth)
          .map((part, row) => text(middleOf(index), height - bottom + 18 + row * lineHeight, part, 'middle'))
          .join('')
      : '',
  );
  const drawn = series.map(({ values }, index) =>
    plot.kind === 'bars'
      ? bars(values, index, series.length, slot, middleOf, yOf)
      : `<polyline fill="none" stroke="${colourOf(index)}" stroke-width="2" points="${values.map((value, at) => `${round(middleOf(at))},${round(yOf(value))}`).join(' ')}"/>`,
  );
  const legend =
    series.length < 2
      ? []
      : series.map(({ name }, index) => {
          const at = left + index * 190;
          return `<rect x="${at}" y="${top - 22}" width="10" height="10" fill="${colourOf(index)}"/>${text(at + 15, top - 13, name)}`;
        });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="sans-serif" font-size="12" fill="${ink}" role="img">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    `<text x="${left}" y="24" font-size="15" font-weight="bold">${escaped(title)}</text>`,
    ...legend,
    ...grid,
    ...drawn,
    ...labels,
    text(left + inner.width / 2, height - 12, x.label, 'middle'),
    `<text transform="translate(16 ${top + inner.height / 2}) rotate(-90)" text-anchor="middle">${escaped(y.label)}</text>`,
    '</svg>',
    '',
  ].join('\n');
}

function bars(
  values: readonly number[],
  index: number,
  count: number,
  slot: number,
  middleOf: (index: number) => number,
  yOf: (value: number) => number,
): string {
  const each = Math.min(widestBar, (slot * 0.7) / count);
  return values
    .map((value, at) => {
      const x = round(middleOf(at) + each * (index - count / 2));
      const y = round(yOf(value));
      const shape = `<rect x="${x}" y="${y}" width="${round(each - 2)}" height="${round(yOf(0) - y)}" fill="${colourOf(index)}"/>`;
      return `${shape}${text(x + each / 2 - 1, y - 5, short(value), 'middle')}`;
    })
    .join('');
}

function line(x1: number, y1: number, x2: number, y2: number, stroke: string): string {
  return `<line x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}" stroke="${stroke}"/>`;
}

function text(x: number, y: number, content: string, anchor = 'start'): string {
  return `<text x="${round(x)}" y="${round(y)}" text-anchor="${anchor}">${escaped(content)}</text>`;
}

/** Lines of at most so many letters, where the words allow it. */
function wrapped(content: string, letters: number): readonly string[] {
  const lines: string[] = [];
  for (const word of content.split(' ')) {
    const longer = `${lines.at(-1) ?? ''} ${word}`.trim();
    if (lines.length > 0 && longer.length <= letters) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

/** 1, 2, 4, 6 or 8 of a power of ten, at least as much as given. */
function niceCeiling(value: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(value, 1e-9)));
  return ([1, 2, 4, 6, 8].find((factor) => factor * power >= value) ?? 10) * power;
}

function short(value: number): string {
  if (value >= 10_000) return `${(value / 1000).toLocaleString('en', { maximumFractionDigits: 1 })}k`;
  return value.toLocaleString('en', { maximumFractionDigits: value < 10 ? 2 : 0 });
}

function colourOf(index: number): string {
  return colours[index % colours.length] ?? ink;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function escaped(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
