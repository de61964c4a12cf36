/** How something is. Always a shape and a word, and only then a colour. */
export type StateKind = 'well' | 'slowed' | 'blocked' | 'paused' | 'warning';

const shapes: Readonly<Record<StateKind, string>> = {
  well: 'M5 0a5 5 0 1 0 0 10A5 5 0 1 0 5 0z',
  slowed: 'M5 0.500 10 9.500H0z',
  blocked: 'M0.500 0.500h9v9h-9z',
  warning: 'M5 0.500 10 9.500H0zM4.300 3.500h1.400v3H4.300zM4.300 7.200h1.400v1.300H4.300z',
  paused: 'M5 0 10 5 5 10 0 5zM5 2.400 2.400 5 5 7.600 7.600 5z',
};

export function Mark({ kind }: { readonly kind: StateKind }) {
  return (
    <svg class={`mark ${kind}`} viewBox="0 0 10 10" aria-hidden="true">
      <path d={shapes[kind]} fill="currentColor" fill-rule="evenodd" />
    </svg>
  );
}
