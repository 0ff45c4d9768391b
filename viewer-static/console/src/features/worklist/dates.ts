/** A day as `yyyy-mm-dd` in the user's zone. */
export function dayText(date: Date): string {
  const two = (n: number): string => String(n).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

export type QuickRange = 'all' | 'today' | 'days3' | 'days7' | 'days30';

export const quickRanges: readonly QuickRange[] = ['today', 'days3', 'days7', 'days30', 'all'];

const lengthDays: Record<Exclude<QuickRange, 'all'>, number> = { today: 1, days3: 3, days7: 7, days30: 30 };

/** First and last day of a range that ends today, both included. */
export function rangeDays(range: QuickRange, today: Date): { from: string | undefined; to: string | undefined } {
  if (range === 'all') return { from: undefined, to: undefined };
  const from = new Date(today.getFullYear(), today.getMonth(), today.getDate() - lengthDays[range] + 1);
  return { from: dayText(from), to: dayText(today) };
}
