// What a message was called while it was in the outbox, so that its bubble stays the same element
// when the daemon has confirmed it. Only of this page, and only of late.

const names = new Map<number, string>();
const most = 500;

export function rememberKey(message: number, entry: string): void {
    names.set(message, entry);
    if (names.size > most) names.delete(names.keys().next().value!);
}

export const keyOf = (message: number): string => names.get(message) ?? `m${message}`;
