/** Drawn for these pages, 16 by 16. */
const paths = {
  overview: 'M2 13.500h12M4 11V7.500M8 11V2.500M12 11V5.500',
  audiences:
    'M6 7.500a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5zM1.500 13.500c0-2.500 2-4 4.500-4s4.500 1.500 4.500 4M10.500 2.700a2.500 2.500 0 0 1 0 4.600M12 9.800c1.600.500 2.500 1.800 2.500 3.700',
  deadLetters: 'M2 3.500h12v9H2zM2.500 4 8 8.500 13.500 4',
  workbench: 'M5.500 3.500 1.500 8l4 4.500M10.500 3.500l4 4.500-4 4.500',
  live: 'M1.500 8.500h3l2-5.500 3 10 2-4.500h3',
  requests: 'M2 5.500h11M10 2.500l3 3-3 3M14 10.500H3M6 7.500l-3 3 3 3',
  faults: 'M8 2 15 13.500H1zM8 6.500v3.500M8 11.800v.200',
  brand: 'M2 3h12M4.500 7h7M7 11h2M8 11v3.500',
} as const;

export type IconName = keyof typeof paths;

export function Icon({ name, size = 16 }: { readonly name: IconName; readonly size?: number }) {
  return (
    <svg viewBox="0 0 16 16" width={size} height={size} aria-hidden="true">
      <path
        d={paths[name]}
        fill="none"
        stroke="currentColor"
        stroke-width="1.400"
        stroke-linecap="round"
        stroke-linejoin="round"
      />
    </svg>
  );
}
