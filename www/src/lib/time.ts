import type { Speech } from './texts';

// Times as people say them, by Intl and in the person's own time zone.

const shapes = {
    clock: { hour: 'numeric', minute: '2-digit' },
    weekday: { weekday: 'long' },
    weekdayShort: { weekday: 'short' },
    date: { weekday: 'long', day: 'numeric', month: 'long' },
    dateYear: { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' },
    short: { day: 'numeric', month: 'short' },
    shortYear: { day: 'numeric', month: 'short', year: '2-digit' },
    month: { day: 'numeric', month: 'long' },
    monthYear: { day: 'numeric', month: 'long', year: 'numeric' },
    full: { dateStyle: 'full', timeStyle: 'short' },
} satisfies Record<string, Intl.DateTimeFormatOptions>;

const formats = new Map<string, Intl.DateTimeFormat>();

function format(locale: string, shape: keyof typeof shapes, date: Date): string {
    const key = locale + shape;
    let made = formats.get(key);
    if (!made) formats.set(key, (made = new Intl.DateTimeFormat(locale, shapes[shape])));
    return made.format(date);
}

/** Days of the calendar between a date and now: 0 is today, 1 yesterday. */
function daysAgo(date: Date, now: Date): number {
    const midnight = (day: Date) => Date.UTC(day.getFullYear(), day.getMonth(), day.getDate());
    return Math.round((midnight(now) - midnight(date)) / 86_400_000);
}

export function dayKey(timestamp: string | number): string {
    const date = new Date(timestamp);
    return `${date.getFullYear()}-${date.getMonth()}-${date.getDate()}`;
}

export function clock(timestamp: string | number, { locale }: Speech): string {
    return format(locale, 'clock', new Date(timestamp));
}

export function day(timestamp: string | number, { t, locale }: Speech, now = new Date()): string {
    const date = new Date(timestamp);
    const days = daysAgo(date, now);
    if (days === 0) return t.today;
    if (days === 1) return t.yesterday;
    if (days > 0 && days < 7) return format(locale, 'weekday', date);
    const isThisYear = date.getFullYear() === now.getFullYear();
    return format(locale, isThisYear ? 'date' : 'dateYear', date);
}

/** As short as a list wants it. */
export function brief(timestamp: string, speech: Speech, now = new Date()): string {
    const date = new Date(timestamp);
    const days = daysAgo(date, now);
    if (days === 0) return clock(timestamp, speech);
    if (days === 1) return speech.t.yesterday;
    if (days > 0 && days < 7) return format(speech.locale, 'weekdayShort', date);
    const isThisYear = date.getFullYear() === now.getFullYear();
    return format(speech.locale, isThisYear ? 'short' : 'shortYear', date);
}

export function full(timestamp: string | number, { locale }: Speech): string {
    return format(locale, 'full', new Date(timestamp));
}

/** "five minutes ago", "yesterday", "on 12 March" */
export function ago(timestamp: string, speech: Speech, now = Date.now()): string {
    const seconds = Math.max(0, (now - new Date(timestamp).getTime()) / 1000);
    const words = new Intl.RelativeTimeFormat(speech.locale, { numeric: 'auto' });
    if (seconds < 60) return words.format(0, 'second');
    if (seconds < 3600) return words.format(-Math.floor(seconds / 60), 'minute');
    if (seconds < 86_400) return words.format(-Math.floor(seconds / 3600), 'hour');
    if (seconds < 7 * 86_400) return words.format(-Math.floor(seconds / 86_400), 'day');
    const date = new Date(timestamp);
    const isThisYear = date.getFullYear() === new Date(now).getFullYear();
    return speech.t.onDate(format(speech.locale, isThisYear ? 'month' : 'monthYear', date));
}
