/** The shape of the last minutes in a line's height; the number beside it says how much. */
export function Spark({ values, label }: { readonly values: readonly (number | null)[]; readonly label: string }) {
  const known = values.map((value) => value ?? 0);
  const highest = Math.max(...known, 0);
  const step = 80 / Math.max(1, known.length - 1);
  const y = (value: number) => (highest === 0 ? 18.5 : 18.5 - (value / highest) * 17);
  const path = known.map(
    (value, index) => `${index === 0 ? 'M' : 'L'}${(index * step).toFixed(1)} ${y(value).toFixed(1)}`,
  );
  return (
    <svg class="spark" viewBox="0 0 80 20" role="img" aria-label={label}>
      <path d={path.join('')} />
    </svg>
  );
}
