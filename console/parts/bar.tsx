/** A share of a whole, beside the number that says it. */
export function Bar({ share, label }: { readonly share: number; readonly label: string }) {
  const width = Math.max(0, Math.min(1, Number.isFinite(share) ? share : 0)) * 100;
  return (
    <svg class="bar" viewBox="0 0 100 6" preserveAspectRatio="none" role="img" aria-label={label}>
      <rect width={width.toFixed(2)} height="6" />
    </svg>
  );
}
