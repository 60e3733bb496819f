import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { colourOf, initials, inkOn, luminance, palette } from '../../src/lib/colour';
import { en } from '../../src/lib/en';
import { fr } from '../../src/lib/fr';
import { plural } from '../../src/lib/plural';
import { ago, brief, clock, day } from '../../src/lib/time';
import { Backoff } from '../../src/protocol/backoff';

const speech = (t: typeof en, locale: string) => ({
    t,
    locale,
    many: (count: number) => plural(count, locale.slice(0, 2)),
});
const english = speech(en, 'en-GB');
const french = speech(fr, 'fr-FR');
const now = new Date(2026, 10, 20, 15, 30);
const at = (...parts: [number, number, number, number?, number?]) => {
    const [year, month, date, hour = 9, minute = 5] = parts;
    return new Date(year, month, date, hour, minute).toISOString();
};

/** Words that both languages have. */
const shared = [
    'E-mail',
    'Invisible',
    'Message',
    'Emoji',
    'Code',
    'Orange',
    'Magenta',
    'Violet',
    'Invitations',
    'Notifications',
    'Sessions',
];

describe('both languages', () => {
    it('have a word for each code, strength and colour', () => {
        expect(Object.keys(fr.errors)).toEqual(Object.keys(en.errors));
        expect(Object.keys(fr.faults)).toEqual(Object.keys(en.faults));
        expect(fr.strength).toHaveLength(en.strength.length);
        for (const { colours } of [en, fr]) expect(new Set(colours).size).toBe(palette.length);
    });

    it('say nothing the same by oversight', () => {
        const sentences = (words: object, path = ''): [string, string][] =>
            Object.entries(words).flatMap(([key, value]) =>
                typeof value === 'object'
                    ? sentences(value as object, `${path}${key}.`)
                    : [[path + key, String(value)] as [string, string]],
            );
        const french = new Map(sentences(fr));
        const same = sentences(en).filter(([key, words]) => french.get(key) === words);
        expect(same.map(([, words]) => words)).toEqual(shared);
    });

    it('break no line before a mark: French has a space there that holds', () => {
        const source = readFileSync(new URL('../../src/lib/fr.ts', import.meta.url), 'utf8');
        expect(source.match(/.* [?!;:»].*|.*« .*/g) ?? []).toEqual([]);
    });

    it('count as their speakers do', () => {
        expect(en.unread(plural(1, 'en'))).toBe('1 unread message');
        expect(en.unread(plural(0, 'en'))).toBe('0 unread messages');
        expect(fr.unread(plural(0, 'fr'))).toBe('0 message non lu');
        expect(fr.unread(plural(1234, 'fr'))).toMatch(/^1.234 messages non lus$/);
    });
});

describe('times', () => {
    it('name the day as one would', () => {
        expect(day(at(2026, 10, 20), english, now)).toBe('Today');
        expect(day(at(2026, 10, 19), french, now)).toBe('Hier');
        expect(day(at(2026, 10, 16), english, now)).toBe('Monday');
        expect(day(at(2026, 2, 5), french, now)).toBe('jeudi 5 mars');
        expect(day(at(2025, 2, 5), english, now)).toContain('2025');
    });

    it('are short in a list', () => {
        expect(brief(at(2026, 10, 20), french, now)).toBe(clock(at(2026, 10, 20), french));
        expect(brief(at(2026, 10, 19), english, now)).toBe('Yesterday');
        expect(brief(at(2026, 10, 16), english, now)).toBe('Mon');
    });

    it('say how long ago', () => {
        expect(ago(at(2026, 10, 20, 15, 30), english, now.getTime())).toBe('now');
        expect(ago(at(2026, 10, 20, 15, 25), french, now.getTime())).toBe('il y a 5 minutes');
        expect(ago(at(2026, 10, 19, 15, 0), english, now.getTime())).toBe('yesterday');
        expect(ago(at(2026, 2, 12), english, now.getTime())).toBe('on 12 March');
        expect(ago(at(2026, 2, 12), french, now.getTime())).toBe('le 12 mars');
        expect(ago(at(2025, 2, 12), english, now.getTime())).toBe('on 12 March 2025');
        expect(ago(at(2025, 2, 12), french, now.getTime())).toBe('le 12 mars 2025');
        expect(ago(at(2027, 10, 19, 15, 0), english, now.getTime())).toBe('now');
    });
});

describe('avatars', () => {
    it('can be read, whatever their colour', () => {
        const contrast = (one: string, other: string) => {
            const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
            return (light! + 0.05) / (dark! + 0.05);
        };
        const made = Array.from({ length: 500 }, (_, id) => colourOf({ id, avatar: null }));
        for (const colour of [...made, ...palette, '#ffff00', '#000000', '#ffffff', '#777777']) {
            expect(contrast(colour, inkOn(colour))).toBeGreaterThan(4.5);
        }
    });

    it('take the chosen colour only when it is one', () => {
        expect(colourOf({ id: 1, avatar: '#1e90ff' })).toBe('#1e90ff');
        expect(colourOf({ id: 1, avatar: 'url(x)' })).toMatch(/^#[0-9a-f]{6}$/);
    });

    it('have the letters of a name', () => {
        expect(initials('Bob Marchand')).toBe('BM');
        expect(initials('anna')).toBe('A');
        expect(initials('  jean-luc ')).toBe('JL');
        expect(initials('👩‍🚀 Zoé')).toBe('👩‍🚀Z');
        expect(initials('')).toBe('');
    });
});

describe('backoff', () => {
    it('grows by half up to its most, spread over the upper half', () => {
        const waits = (random: number) => {
            const backoff = new Backoff(100, 1000, () => random);
            return Array.from({ length: 8 }, () => Math.floor(backoff.next()));
        };
        expect(waits(1)).toEqual([100, 150, 225, 337, 506, 759, 1000, 1000]);
        expect(waits(0)).toEqual([50, 75, 112, 168, 253, 379, 500, 500]);
    });
});
