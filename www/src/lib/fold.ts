/** A word as it is compared: "Cœur" and "coeur", "étoile" and "etoile" are the same. */
export function fold(text: string): string {
    return text
        .normalize('NFD')
        .replace(/\p{M}/gu, '')
        .toLowerCase()
        .replaceAll('œ', 'oe')
        .replaceAll('æ', 'ae')
        .replaceAll('’', "'");
}
