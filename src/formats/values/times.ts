/** What a time is counted in. */
export type TimeUnit = 'millis' | 'micros' | 'nanos';

const perSecond: Readonly<Record<TimeUnit, bigint>> = { millis: 1000n, micros: 1_000_000n, nanos: 1_000_000_000n };
const digitsOf: Readonly<Record<TimeUnit, number>> = { millis: 3, micros: 6, nanos: 9 };
const dayMillis = 86_400_000;
/** From the year 1 to 9999: ISO 8601 writes them with four digits. */
const firstMillis = -62_135_596_800_000;
const endMillis = Date.UTC(10_000, 0, 1);

/** ISO 8601 of a time since 1970, in UTC; undefined outside of the years that it writes with four digits. */
export function isoTimestamp(value: number | bigint, unit: TimeUnit, zone: 'Z' | '' = 'Z'): string | undefined {
  if (unit === 'millis' && typeof value === 'number') {
    if (!isWritable(value)) return undefined;
    const text = new Date(value).toISOString();
    return zone === 'Z' ? text : text.slice(0, -1);
  }
  const units = BigInt(value);
  const per = perSecond[unit];
  const fraction = ((units % per) + per) % per;
  const seconds = Number((units - fraction) / per);
  if (!isWritable(seconds * 1000)) return undefined;
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}.${fractionText(fraction, unit)}${zone}`;
}

/** The calendar day so many days after 1 January 1970. */
export function isoDate(days: number): string | undefined {
  const millis = days * dayMillis;
  return isWritable(millis) ? new Date(millis).toISOString().slice(0, 10) : undefined;
}

/** The time of a day so long after midnight; undefined if it is none. */
export function timeOfDay(value: number | bigint, unit: TimeUnit): string | undefined {
  const units = BigInt(value);
  const per = perSecond[unit];
  const seconds = Number(units / per);
  if (units < 0n || seconds > 86_400) return undefined;
  const parts = [seconds / 3600, (seconds / 60) % 60, seconds % 60].map((part) =>
    String(Math.trunc(part)).padStart(2, '0'),
  );
  return `${parts.join(':')}.${fractionText(units % per, unit)}`;
}

/** Three digits, unless there are more that are not zero. */
function fractionText(fraction: bigint, unit: TimeUnit): string {
  const digits = fraction.toString().padStart(digitsOf[unit], '0');
  return digits.length > 3 && /^0*$/.test(digits.slice(3)) ? digits.slice(0, 3) : digits;
}

function isWritable(millis: number): boolean {
  return millis >= firstMillis && millis < endMillis;
}
