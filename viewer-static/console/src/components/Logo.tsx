import { useId, type ReactNode } from 'react';

/** The trefoil: three leaves that share one heart. The same mark as on the login page. */
export function Logo({ size = 28 }: { size?: number }): ReactNode {
  const leaf = useId();
  return (
    <svg width={size} height={size} viewBox="0 0 96 96" aria-hidden="true" focusable="false">
      <defs>
        <linearGradient id={leaf} x1="0" y1="0" x2="1" y2="1">
          <stop offset="0" stopColor="#7fd6ff" />
          <stop offset="1" stopColor="#2f8bff" />
        </linearGradient>
      </defs>
      <g fill="none" stroke={`url(#${leaf})`} strokeWidth="8">
        <circle cx="48" cy="30" r="19" />
        <circle cx="29.5" cy="60" r="19" />
        <circle cx="66.5" cy="60" r="19" />
      </g>
      <circle cx="48" cy="50" r="6.5" fill="#34c3d6" />
    </svg>
  );
}
