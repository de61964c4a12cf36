/** `40 s`, `3 min`, `2 h` */
export function durationText(millis: number): string {
  const seconds = Math.max(0, Math.ceil(millis / 1_000));
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
}
