import { create } from 'zustand';
import { Problem } from '@/protocol/http';
import { useSettings, type Language } from '@/store/settings';
import { en, type Texts } from './en';
import { plural, type Plural } from './plural';

export type Tongue = 'en' | 'fr';

export function tongueOf(language: Language, preferred: readonly string[]): Tongue {
    if (language !== 'system') return language;
    for (const each of preferred) {
        const word = each.slice(0, 2).toLowerCase();
        if (word === 'en' || word === 'fr') return word;
    }
    return 'en';
}

export interface Speech {
    t: Texts;
    /** For Intl: the browser's own variant of the language that is spoken. */
    locale: string;
    many: (count: number) => Plural;
}

/** English comes with the client; French is a file of its own. */
const useDictionaries = create<{ en: Texts; fr?: Texts }>(() => ({ en }));
const speeches = new Map<string, Speech>();

/** Fetches what the chosen language needs; without a connection English stays. */
export async function loadTexts(language = useSettings.getState().language): Promise<void> {
    if (tongueOf(language, navigator.languages) !== 'fr' || useDictionaries.getState().fr) return;
    const { fr } = await import('./fr');
    useDictionaries.setState({ fr });
}

function speechOf(wanted: Tongue): Speech {
    const t = useDictionaries.getState()[wanted];
    const tongue = t ? wanted : 'en';
    const known = speeches.get(tongue);
    if (known) return known;
    const locale = navigator.languages.find((each) => each.startsWith(tongue)) ?? tongue;
    const speech: Speech = { t: t ?? en, locale, many: (count) => plural(count, tongue) };
    speeches.set(tongue, speech);
    return speech;
}

export function speak(): Speech {
    return speechOf(tongueOf(useSettings.getState().language, navigator.languages));
}

export function useSpeech(): Speech {
    const language = useSettings((settings) => settings.language);
    useDictionaries();
    return speechOf(tongueOf(language, navigator.languages));
}

/** What happened, in plain words. */
export function explain(error: unknown, speech: Speech): string {
    if (!(error instanceof Problem)) return speech.t.errors['internal']!;
    if (error.code === 'rejected' && error.detail) return error.detail;
    if (error.code === 'rate_limited' && error.retryAfter > 0) {
        return speech.t.waitSeconds(speech.many(error.retryAfter));
    }
    return speech.t.errors[error.code] ?? speech.t.errors['internal']!;
}
