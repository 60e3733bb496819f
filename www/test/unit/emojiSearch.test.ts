import type { EmojiData } from 'frimousse';
import { describe, expect, it } from 'vitest';
import { findable } from '../../src/features/conversation/emojiSearch';
import { fold } from '../../src/lib/fold';

type Entry = [emoji: string, label: string, ...tags: string[]];

const english: Entry[] = [
    ['😍', 'Smiling face with heart-eyes', 'hearts', 'heart-eyes', 'romance', ':heart_eyes:'],
    ['💘', 'Heart with arrow', 'heart', 'cupid', ':cupid:'],
    ['💓', 'Beating heart', 'heart', 'heartbeat', 'beating', ':heartbeat:'],
    ['❤️', 'Red heart', 'heart', 'love', ':heart:'],
    ['💙', 'Blue heart', 'heart', 'love', ':blue_heart:'],
    ['⭐', 'Star', 'medium', ':star:'],
    ['🪅', 'Piñata', 'party', ':pinata:'],
];

const french: Entry[] = [
    ['🥰', 'Visage souriant avec cœurs', 'coeur', 'cœurs', ':smiling_face_with_three_hearts:'],
    ['💘', 'Cœur et flèche', 'coeur transpercé', 'cœur', ':cupid:'],
    ['💗', 'Cœur croissant', 'cœur', ':heartpulse:'],
    ['💙', 'Cœur bleu', 'cœur', ':blue_heart:'],
    ['❤️', 'Cœur rouge', 'amour', 'cœur', ':heart:'],
    ['🌟', 'Étoile brillante', 'nuit', ':star2:'],
    ['⭐', 'Étoile', 'astronomie', ':star:'],
    ['🔴', 'Disque rouge', 'rouge', ':red_circle:'],
];

function dataOf(locale: 'en' | 'fr', entries: Entry[]): EmojiData {
    const emojis = entries.map(([emoji, label, ...tags]) => ({
        emoji,
        label,
        tags,
        category: 0,
        version: 1,
    }));
    return {
        locale,
        emojis,
        categories: [{ index: 0, label: 'All' }],
        skinTones: { light: '', 'medium-light': '', medium: '', 'medium-dark': '', dark: '' },
    };
}

/** What the picker finds, in its order: ten points for the label, one for each tag. */
function search(data: EmojiData, typed: string): string[] {
    const text = fold(typed);
    return findable(data)
        .emojis.map(({ emoji, label, tags }) => {
            const inTags = tags.filter((tag) => tag.toLowerCase().includes(text)).length;
            return { emoji, score: (label.toLowerCase().includes(text) ? 10 : 0) + inTags };
        })
        .filter(({ score }) => score > 0)
        .sort((one, other) => other.score - one.score)
        .map(({ emoji }) => emoji);
}

describe('an emoji is found', () => {
    const en = dataOf('en', english);
    const fr = dataOf('fr', french);
    it.each([
        [fr, 'cœur', 'coeur', 5],
        [fr, 'Étoile', 'etoile', 2],
        [fr, 'flèche', 'FLECHE', 1],
        [en, 'piñata', 'pinata', 1],
    ])('with and without accents', (data, one, other, count) => {
        expect(search(data, one)).toHaveLength(count);
        expect(search(data, other)).toEqual(search(data, one));
    });
    it('first when it is what the word means', () => {
        expect(search(en, 'heart')[0]).toBe('❤️');
        expect(search(fr, 'coeur')[0]).toBe('❤️');
        expect(search(fr, 'étoile')[0]).toBe('⭐');
        expect(search(en, 'blue heart')[0]).toBe('💙');
    });
    it('by its shortcode, in any language', () => {
        expect(search(fr, ':heart:')).toEqual(['❤️']);
        expect(search(en, ':blue_heart:')).toEqual(['💙']);
    });
    it('under the label that it has', () => {
        expect(findable(fr).emojis.map(({ label }) => label)).toEqual(
            french.map(([, label]) => label),
        );
    });
});
