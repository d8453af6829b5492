/** A moment as people at the school read it: "Fri 20 Nov 2026, 15:42". */
export const timeAt = (moment: Date, timeZone: string): string =>
  format(moment, { weekday: 'short', ...DAY, hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone });

/** The day of a moment at the school: "20 Nov 2026". */
export const dayAt = (moment: Date, timeZone: string): string => format(moment, { ...DAY, timeZone });

/** How long ago something was, in the largest unit: "5 days", "1 hour". */
export function ageInWords(since: Date, now: Date): string {
  const minutes = Math.max(0, Math.floor((now.getTime() - since.getTime()) / 60_000));
  const [count, unit] =
    minutes < 60
      ? [minutes, 'minute']
      : minutes < 24 * 60
        ? [Math.floor(minutes / 60), 'hour']
        : [Math.floor(minutes / (24 * 60)), 'day'];
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}

const DAY = { day: 'numeric', month: 'short', year: 'numeric' } as const;

/** Put together from parts, because Node's versions differ in commas and in how they shorten September. */
function format(moment: Date, options: Intl.DateTimeFormatOptions): string {
  const parts = new Map(
    new Intl.DateTimeFormat('en-GB', options).formatToParts(moment).map(({ type, value }) => [type, value]),
  );
  const get = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? '';
  const day = `${get('day')} ${get('month').slice(0, 3)} ${get('year')}`;
  return options.weekday === undefined ? day : `${get('weekday')} ${day}, ${get('hour')}:${get('minute')}`;
}
