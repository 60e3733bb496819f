let shown = false;

/** A dot on the icon of the tab while something is unread. */
export function badge(isOn: boolean): void {
    if (isOn === shown) return;
    shown = isOn;
    const link = document.querySelector<HTMLLinkElement>('link[rel=icon]');
    if (link) link.href = isOn ? '/icon-unread.svg' : '/icon.svg';
}
