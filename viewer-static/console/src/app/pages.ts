import type { User } from '../api/session';

/** The pages a user may open, in the order of the navigation. What the hub would refuse is not offered. */
export interface PageLink {
  readonly path: string;
  readonly name: 'studies' | 'policies' | 'specialPatients' | 'approvals' | 'audit';
  readonly roles: readonly string[];
}

const all: readonly PageLink[] = [
  { path: '/', name: 'studies', roles: ['doctor', 'nurse', 'technician', 'qc', 'medical-affairs', 'archive', 'director'] },
  { path: '/policies', name: 'policies', roles: ['steward'] },
  { path: '/special-patients', name: 'specialPatients', roles: ['steward', 'director'] },
  { path: '/approvals', name: 'approvals', roles: ['medical-affairs', 'steward', 'director'] },
  { path: '/audit', name: 'audit', roles: ['auditor'] },
];

export function pagesOf(user: User): readonly PageLink[] {
  const allowed = all.filter(page => page.roles.some(role => user.roles.includes(role)));
  // Whoever has no page of his own gets the first page, which says what he may not see.
  return allowed.length > 0 ? allowed : all.slice(0, 1);
}

/** Where a user begins: the first page that is his. */
export function homeOf(user: User): string {
  return pagesOf(user)[0]?.path ?? '/';
}
