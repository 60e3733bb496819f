export type Plural = (parts: TemplateStringsArray, ...marks: string[]) => string;

interface Forms {
    rules: Intl.PluralRules;
    numbers: Intl.NumberFormat;
}

/** Making one of Intl's costs a hundred times what using it does. */
const made = new Map<string, Forms>();

function formsOf(language: string): Forms {
    const known = made.get(language);
    if (known) return known;
    const rules = new Intl.PluralRules(language);
    const forms = { rules, numbers: new Intl.NumberFormat(language) };
    made.set(language, forms);
    return forms;
}

/**
 * Chooses between "one|other" by a number and a language, and writes the number into `#`:
 * plural(3, 'en')`${'#'} person|${'#'} people` is "3 people".
 */
export function plural(count: number, language: string): Plural {
    return (parts, ...marks) => {
        const [one = '', other = one] = String.raw({ raw: parts }, ...marks).split('|');
        const { rules, numbers } = formsOf(language);
        const form = rules.select(count) === 'one' ? one : other;
        return form.replace('#', numbers.format(count));
    };
}
