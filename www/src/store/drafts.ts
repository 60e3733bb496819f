// What was typed and not sent, one text a conversation. In localStorage, because it is written
// before the next key could be.

const prefix = 'salon.draft.';

export const draftOf = (user: number, conversation: number): string =>
    localStorage.getItem(`${prefix}${user}.${conversation}`) ?? '';

export function keepDraft(user: number, conversation: number, text: string): void {
    const key = `${prefix}${user}.${conversation}`;
    try {
        if (text) localStorage.setItem(key, text);
        else localStorage.removeItem(key);
    } catch {
        // Full: the text is still in its field.
    }
}

export function forgetDrafts(user: number): void {
    const own = Object.keys(localStorage).filter((key) => key.startsWith(`${prefix}${user}.`));
    for (const key of own) localStorage.removeItem(key);
}
