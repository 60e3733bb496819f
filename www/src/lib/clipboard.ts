/** Copies a text, also on pages over plain http, where the clipboard has no API. False: not copied. */
export async function copy(text: string): Promise<boolean> {
    try {
        if (navigator.clipboard) {
            await navigator.clipboard.writeText(text);
            return true;
        }
    } catch {
        // Not allowed: the old way may be.
    }
    const had = document.activeElement as HTMLElement | null;
    const field = document.createElement('textarea');
    field.value = text;
    field.className = 'sr-only';
    (document.querySelector('dialog[open]') ?? document.body).append(field);
    field.select();
    const isCopied = document.execCommand('copy');
    field.remove();
    had?.focus();
    return isCopied;
}
