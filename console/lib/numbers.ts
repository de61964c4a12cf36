/** Numbers as readers write them: grouped from five digits on, in their own locale. */

const whole = new Intl.NumberFormat(undefined, { useGrouping: 'min2', maximumFractionDigits: 0 });
const short = new Intl.NumberFormat(undefined, { notation: 'compact', maximumSignificantDigits: 3 });
const small = new Intl.NumberFormat(undefined, { maximumSignificantDigits: 2 });

export function count(value: number): string {
  return whole.format(value);
}

/** For places where five digits don't fit. */
export function shortCount(value: number): string {
  return Math.abs(value) < 10_000 ? whole.format(value) : short.format(value);
}

/** `3.4/s`, `120/s`; below one a second by the minute. */
export function rate(perSecond: number): string {
  if (perSecond === 0) return '0/s';
  if (perSecond < 1) return `${small.format(perSecond * 60)}/min`;
  return `${perSecond < 100 ? small.format(perSecond) : shortCount(perSecond)}/s`;
}

/** The rates of one column, all by the second or all by the minute. */
export function ratesAlike(all: readonly number[]): (perSecond: number) => string {
  const isFast = Math.max(0, ...all) >= 10;
  return (perSecond) => (isFast ? `${short.format(perSecond)}/s` : `${short.format(perSecond * 60)}/min`);
}

export function percent(share: number): string {
  if (!Number.isFinite(share)) return '–';
  const value = share * 100;
  if (share === 0) return '0%';
  // Never says all where one is missing, nor none where there is one.
  if (share < 1 && value > 99.9) return '>99.9%';
  if (share > 0 && value < 0.1) return '<0.1%';
  return `${value < 10 || (value > 99 && value < 100) ? value.toFixed(1) : Math.round(value)}%`;
}

export function bytes(value: number): string {
  const units = ['B', 'kB', 'MB', 'GB'];
  const step = value < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(value) / 3));
  return `${step === 0 ? whole.format(value) : small.format(value / 1000 ** step)} ${units[step]}`;
}

/** `one event`, `3 events`. */
export function plural(number: number, single: string, many = `${single}s`): string {
  return `${count(number)} ${number === 1 ? single : many}`;
}
