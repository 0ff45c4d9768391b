import dayjs from 'dayjs';

/** An instant on the clock of the user, to the minute. */
export function minuteText(instant: string | undefined): string {
  return instant === undefined || instant === '' ? '' : dayjs(instant).format('YYYY-MM-DD HH:mm');
}

export function secondText(instant: string | undefined): string {
  return instant === undefined || instant === '' ? '' : dayjs(instant).format('YYYY-MM-DD HH:mm:ss');
}
