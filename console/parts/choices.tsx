export interface Choice {
  readonly name: string;
  readonly to: string;
  readonly current: boolean;
}

/** A few ways to look at the same; each has an address. */
export function Choices({ label, choices }: { readonly label: string; readonly choices: readonly Choice[] }) {
  return (
    <nav class="choices" aria-label={label}>
      {choices.map(({ name, to, current }) => (
        <a key={name} href={to} aria-current={current ? 'true' : undefined}>
          {name}
        </a>
      ))}
    </nav>
  );
}
