import { expect, it } from 'vitest';
import { rangeDays } from './dates';

it('should count today as the last day of a quick range', () => {
  const today = new Date(2026, 2, 2, 23, 59);
  expect(rangeDays('today', today)).toEqual({ from: '2026-03-02', to: '2026-03-02' });
  expect(rangeDays('days3', today)).toEqual({ from: '2026-02-28', to: '2026-03-02' });
  expect(rangeDays('all', today)).toEqual({ from: undefined, to: undefined });
});
