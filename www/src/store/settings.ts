import { create } from 'zustand';

// What the person has chosen for this browser.

export type Theme = 'system' | 'light' | 'dark';
export type Language = 'system' | 'en' | 'fr';

export interface Settings {
    theme: Theme;
    language: Language;
    /** Whether Enter sends, and Shift+Enter breaks the line; the other way round otherwise. */
    enterSends: boolean;
    notify: boolean;
    sound: boolean;
}

const place = 'salon.settings';
const standard: Settings = {
    theme: 'system',
    language: 'system',
    enterSends: true,
    notify: false,
    sound: true,
};

function read(text: string | null): Settings {
    try {
        return { ...standard, ...(JSON.parse(text ?? '{}') as Partial<Settings>) };
    } catch {
        return standard;
    }
}

export const useSettings = create<Settings>(() => read(localStorage.getItem(place)));

export function choose(change: Partial<Settings>): void {
    useSettings.setState(change);
    localStorage.setItem(place, JSON.stringify(useSettings.getState()));
}

window.addEventListener('storage', (event) => {
    if (event.key === place) useSettings.setState(read(event.newValue));
});
