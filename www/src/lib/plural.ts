/**
 * Chooses between "one|other" by a number and a language, and writes the number into `#`:
 * plural(3, 'en')`${'#'} person|${'#'} people` is "3 people".
 */
export type Plural = (parts: TemplateStringsArray, ...marks: string[]) => string;

export function plural(count: number, language: string): Plural {
    return (parts, ...marks) => {
        const [one = '', other = one] = String.raw({ raw: parts }, ...marks).split('|');
        const form = new Intl.PluralRules(language).select(count) === 'one' ? one : other;
        return form.replace('#', new Intl.NumberFormat(language).format(count));
    };
}
