import { loadTexts, tongueOf } from '@/lib/texts';
import { useSettings } from '@/store/settings';

/** Keeps the document's theme and language what the person has chosen. */
export function applyAppearance(): void {
    const apply = () => {
        const { theme, language } = useSettings.getState();
        const root = document.documentElement;
        root.lang = tongueOf(language, navigator.languages);
        if (theme === 'system') delete root.dataset['theme'];
        else root.dataset['theme'] = theme;
    };
    apply();
    useSettings.subscribe((settings) => {
        void loadTexts(settings.language).catch(() => {});
        apply();
    });
}
