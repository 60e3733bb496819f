import type { EmojiData } from 'frimousse';
import { fold } from '@/lib/fold';

// The picker looks for what is typed in an emoji's label and tags: ten points if it is in the label, and
// one for each tag that it is in. So the order of what is found is made of tags: a word that weighs
// more is there more often. What is typed is folded before, see EmojiPicker.

type Emoji = EmojiData['emojis'][number];

const inLabel = 10;

/** The shorter a name, the nearer to being the whole of it is what is found in it. */
const weightOf = (name: string) => Math.ceil(60 / name.length);

const times = (count: number, text: string) => Array<string>(count).fill(text);

function tagsOf({ label, tags }: Emoji, isNounFirst: boolean): string[] {
    const name = fold(label);
    const words = name.split(' ');
    // The picker finds a letter with an accent in no label, once what is typed has none.
    const hidden = words.filter((word) => !label.toLowerCase().includes(word));
    // Tags in colons are shortcodes: ":heart:" is the red one, all the others have longer ones.
    const codes = tags.filter((tag) => /^:.+:$/.test(tag)).map(fold);
    // A French label begins with its noun: it weighs as much as the English word for the plain thing.
    const plain = isNounFirst ? codes.find((code) => /^:[a-z]+:$/.test(code)) : undefined;
    const noun = plain && words[0] && words[0] !== name ? times(weightOf(plain), words[0]) : [];
    return [
        ...new Set(tags.map(fold)),
        ...hidden.flatMap((word) => times(inLabel, word)),
        ...[name, ...codes].flatMap((each) => times(weightOf(each), each)),
        ...noun,
    ];
}

/** The data with tags by which an emoji is found without accents, the one that is meant first. */
export function findable(data: EmojiData): EmojiData {
    const isNounFirst = data.locale.startsWith('fr');
    const emojis = data.emojis.map((emoji) => ({ ...emoji, tags: tagsOf(emoji, isNounFirst) }));
    return { ...data, emojis };
}
