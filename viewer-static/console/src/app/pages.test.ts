import { describe, expect, it } from 'vitest';
import type { User } from '../api/session';
import { homeOf, pagesOf } from './pages';

const user = (...roles: string[]): User => ({ roles, departments: [] }) as unknown as User;
const names = (...roles: string[]): string[] => pagesOf(user(...roles)).map(page => page.name);

describe('the navigation', () => {
  it('offers a director the studies, the special patients and the approvals', () => {
    expect(names('director')).toEqual(['studies', 'specialPatients', 'approvals']);
    expect(names('doctor', 'director')).toEqual(['studies', 'specialPatients', 'approvals']);
  });

  it('offers a doctor the studies alone, and an auditor the audit alone', () => {
    expect(names('doctor')).toEqual(['studies']);
    expect(names('auditor')).toEqual(['audit']);
    expect(homeOf(user('auditor'))).toBe('/audit');
  });

  it('sends whoever has no page of his own to the first, which says what he may not see', () => {
    expect(names('nobody')).toEqual(['studies']);
  });
});
