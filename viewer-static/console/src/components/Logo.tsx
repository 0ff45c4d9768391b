import type { ReactNode } from 'react';

/** The trefoil: three leaves, three sources of one picture. */
export function Logo({ size = 28 }: { size?: number }): ReactNode {
  return (
    <svg width={size} height={size} viewBox="0 0 64 64" aria-hidden="true" focusable="false">
      <g fill="currentColor">
        <circle cx="32" cy="19.5" r="12.5" />
        <circle cx="19.5" cy="39" r="12.5" />
        <circle cx="44.5" cy="39" r="12.5" />
      </g>
      <path d="M32 36c-.4 8-2.2 14.4-7 21" fill="none" stroke="currentColor" strokeWidth="4.5" strokeLinecap="round" />
      <g fill="var(--trefoil-logo-heart)">
        <circle cx="32" cy="21" r="4" />
        <circle cx="21.5" cy="38" r="4" />
        <circle cx="42.5" cy="38" r="4" />
      </g>
    </svg>
  );
}
