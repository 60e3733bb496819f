// The colours of avatars: chosen, or made from the user's id by the golden angle, so that
// neighbours differ. The letter on it is black or white, whichever can be read.

export const palette = [
    '#1d4ed8',
    '#0e7490',
    '#15803d',
    '#a16207',
    '#c2410c',
    '#be123c',
    '#a21caf',
    '#6d28d9',
    '#475569',
] as const;

function channel(value: number): number {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
}

/** WCAG 2.2, relative luminance */
export function luminance(hex: string): number {
    const [r, g, b] = [1, 3, 5].map((at) => channel(parseInt(hex.slice(at, at + 2), 16)));
    return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
}

/** White where it has 4.5:1, black where it has not: one of them always has. */
export function inkOn(hex: string): string {
    return 1.05 / (luminance(hex) + 0.05) >= 4.5 ? '#ffffff' : '#000000';
}

function hexOf(hue: number, saturation: number, lightness: number): string {
    const part = (offset: number) => {
        const k = (offset + hue / 30) % 12;
        const a = saturation * Math.min(lightness, 1 - lightness);
        const value = lightness - a * Math.max(-1, Math.min(k - 3, 9 - k, 1));
        return Math.round(value * 255)
            .toString(16)
            .padStart(2, '0');
    };
    return `#${part(0)}${part(8)}${part(4)}`;
}

export function colourOf(user: { id: number; avatar: string | null }): string {
    if (user.avatar && /^#[0-9a-f]{6}$/i.test(user.avatar)) return user.avatar;
    return hexOf((user.id * 137.508) % 360, 0.45, 0.36);
}

/** One or two letters of a name, whole as people see them. */
export function initials(name: string): string {
    const words = name
        .trim()
        .split(/[\s._-]+/u)
        .filter(Boolean);
    const first = (word: string | undefined) => {
        if (!word) return '';
        const [segment] = new Intl.Segmenter().segment(word);
        return segment?.segment.toLocaleUpperCase() ?? '';
    };
    const last = words.length > 1 ? first(words.at(-1)) : '';
    return first(words[0]) + (last.length <= 2 ? last : '');
}
