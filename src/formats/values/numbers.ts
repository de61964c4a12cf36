/** A 64-bit number for a mapping: as text where a JavaScript number would lose digits. */
export function wholeNumber(value: number | bigint): number | string {
  if (typeof value === 'number') return value;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value.toString();
}

/** A number that JSON can hold; what is no number (NaN, Infinity) is nothing. */
export function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

/** The shortest decimal number that is this 32-bit float: 19.99, not 19.989999771118164. */
export function shortestFloat(value: number): number | null {
  if (!Number.isFinite(value)) return null;
  if (Number.isInteger(value)) return value;
  for (let digits = 6; digits < 9; digits++) {
    const shorter = Number(value.toPrecision(digits));
    if (Math.fround(shorter) === value) return shorter;
  }
  return value;
}

/** A decimal number as text, with as many digits behind the point as its scale says. */
export function decimalText(unscaled: bigint, scale: number): string {
  const digits = (unscaled < 0n ? -unscaled : unscaled).toString();
  const sign = unscaled < 0n ? '-' : '';
  if (scale <= 0) return `${sign}${digits}${unscaled === 0n ? '' : '0'.repeat(-scale)}`;
  const padded = digits.padStart(scale + 1, '0');
  return `${sign}${padded.slice(0, -scale)}.${padded.slice(-scale)}`;
}

/** A whole number of any size in two's complement, the most significant byte first. */
export function bigIntOf(bytes: Buffer): bigint {
  if (bytes.length === 0) return 0n;
  return BigInt.asIntN(bytes.length * 8, BigInt(`0x${bytes.toString('hex')}`));
}
