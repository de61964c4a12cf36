const units = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const offset = /^now(?:([+-])(\d+)([smhd]))?$/;

/** Unix milliseconds of `now`, `now-60s`, `now+3d`. */
export function momentOf(text: string, now: number): number {
  const match = offset.exec(text);
  if (match === null) throw new Error(`${text} is no moment`);
  const [, sign, count, unit] = match;
  if (unit === undefined) return now;
  const distance = Number(count) * units[unit as keyof typeof units];
  return sign === '-' ? now - distance : now + distance;
}

/** A text with `{{iso:now-60s}}` and the like filled in: ISO 8601, milliseconds, microseconds, SQL. */
export function withMoments(text: string, now: number): string {
  return text.replace(/\{\{(iso|ms|us|s|sql):(now[^}]*)\}\}/g, (_, form: string, moment: string) => {
    const millis = momentOf(moment, now);
    const iso = new Date(millis).toISOString();
    if (form === 'iso') return iso;
    if (form === 'sql') return iso.slice(0, 19).replace('T', ' ');
    if (form === 'us') return `${millis}000`;
    return String(form === 's' ? Math.floor(millis / 1000) : millis);
  });
}
