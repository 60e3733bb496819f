// What is inside a line of Markdown: emphasis, code, links, as CommonMark 0.31 (section 6) has them,
// and GFM's bare addresses and ~~struck~~ words. No HTML, no images, no entities: those are text.
//
// One walk over the characters makes a flat list of items; a run of *, _ or ~ is an item that may
// become marks later. Emphasis then pairs runs from the left (CommonMark, "process emphasis"), and
// the list is folded into a tree at the end. Each step looks at an item a bounded number of times,
// so the time is linear in the length, whatever was typed; nothing recurses.

export type Span =
    string | { tag: 'strong' | 'em' | 'del' | 'code' | 'a'; href?: string; kids: Span[] };

/** Marks inside marks, deeper than anybody means it, are shown as typed. */
const deepest = 8;
const longestAddress = 2048;

type Tag = 'strong' | 'em' | 'del' | 'a';

interface Mark {
    tag: Tag;
    typed: string;
    href?: string;
}

/** A run of one of the characters of emphasis. */
interface Run {
    char: string;
    /** How many there were, and how many are not part of a mark. */
    length: number;
    left: number;
    opens: boolean;
    closes: boolean;
    /** Marks that end before what is left of the run, and that begin behind it, innermost first. */
    ends: string[];
    begins: Mark[];
    isDone: boolean;
}

type Item = string | { code: string } | { run: Run } | { begin: Mark } | { end: string };

const safe = /^(https?:|mailto:)/i;

/** An address that a link may lead to, in full; null for every other. */
export function hrefOf(address: string): string | null {
    if (address.length > longestAddress) return null;
    try {
        const url = new URL(address);
        return safe.test(url.protocol) ? url.href : null;
    } catch {
        return null;
    }
}

const punctuation = /[\p{P}\p{S}]/u;
const isSpace = (char: string) => char === '' || /\s/.test(char);

function runAt(text: string, at: number): Run {
    const char = text[at]!;
    let end = at;
    while (text[end] === char) end += 1;
    const before = text[at - 1] ?? '';
    const after = text[end] ?? '';
    const beforeMark = punctuation.test(before);
    const afterMark = punctuation.test(after);
    const isLeft = !isSpace(after) && (!afterMark || isSpace(before) || beforeMark);
    const isRight = !isSpace(before) && (!beforeMark || isSpace(after) || afterMark);
    const length = end - at;
    // An underscore inside a word is a part of its name; struck words have two tildes.
    const isWhole = char !== '~' || length === 2;
    return {
        char,
        length,
        left: length,
        opens: isWhole && isLeft && (char !== '_' || !isRight || beforeMark),
        closes: isWhole && isRight && (char !== '_' || !isLeft || afterMark),
        ends: [],
        begins: [],
        isDone: false,
    };
}

/** CommonMark 6.2, rules 9 and 10: a run that opens and closes pairs only with some lengths. */
function fits(opener: Run, closer: Run): boolean {
    if (opener.char !== closer.char) return false;
    if (!opener.closes && !closer.opens) return true;
    if ((opener.length + closer.length) % 3 !== 0) return true;
    return opener.length % 3 === 0 && closer.length % 3 === 0;
}

function pair(opener: Run, closer: Run): void {
    const isDouble = closer.char === '~' || (opener.left > 1 && closer.left > 1);
    const typed = closer.char.repeat(isDouble ? 2 : 1);
    const tag = closer.char === '~' ? 'del' : isDouble ? 'strong' : 'em';
    opener.left -= typed.length;
    closer.left -= typed.length;
    opener.begins.push({ tag, typed });
    closer.ends.push(typed);
}

/** Pairs the runs from an item on; those that find nobody are text for ever. */
function emphasise(items: Item[], from: number): void {
    const open: Run[] = [];
    // Below this height of `open` there is nobody for a closer of that kind: it was looked for.
    const bottoms = new Map<string, number>();
    for (let place = from; place < items.length; ++place) {
        const item = items[place]!;
        if (typeof item === 'string' || !('run' in item) || item.run.isDone) continue;
        const { run } = item;
        run.isDone = true;
        const kind = `${run.char}${run.opens}${run.length % 3}`;
        while (run.closes && run.left > 0) {
            const bottom = bottoms.get(kind) ?? 0;
            let at = open.length - 1;
            while (at >= bottom && !fits(open[at]!, run)) at -= 1;
            if (at < bottom) {
                bottoms.set(kind, open.length);
                break;
            }
            pair(open[at]!, run);
            open.length = open[at]!.left > 0 ? at + 1 : at;
            for (const [each, height] of bottoms) {
                if (height > open.length) bottoms.set(each, open.length);
            }
        }
        if (run.opens && run.left > 0) open.push(run);
    }
}

const target = /\(\s*<?([^\s<>()]*(?:\([^\s<>()]*\)[^\s<>()]*)*)>?(?:\s+"[^"\n]*")?\s*\)/y;
const bare = /(?:https?:\/\/|www\.)[^\s<>]{1,2048}/iy;
const angled = /<((?:https?:\/\/|mailto:)[^\s<>]{1,2048})>/iy;

function match(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
    pattern.lastIndex = at;
    return pattern.exec(text);
}

/** A bare address without what ends the sentence around it (GFM 6.9). */
function trimmed(address: string): string {
    let end = address.length;
    let surplus = 0;
    for (const char of address) surplus += char === ')' ? 1 : char === '(' ? -1 : 0;
    for (; end > 0; --end) {
        const char = address[end - 1]!;
        if (char === ')' && surplus > 0) surplus -= 1;
        else if (!'?!.,:;*_~\'"]'.includes(char)) break;
    }
    return address.slice(0, end);
}

/** Where the next run of exactly so many backticks is: each text is looked through once. */
function ticksOf(text: string): Map<number, number[]> {
    const places = new Map<number, number[]>();
    for (const { 0: run, index } of text.matchAll(/`+/g)) {
        const all = places.get(run.length);
        if (all) all.push(index);
        else places.set(run.length, [index]);
    }
    // The first is at the end, to be taken away cheaply.
    for (const all of places.values()) all.reverse();
    return places;
}

class Walk {
    readonly items: Item[] = [];
    private readonly brackets: { item: number; isActive: boolean }[] = [];
    private readonly ticks: Map<number, number[]>;
    private at = 0;
    private from = 0;

    constructor(private readonly text: string) {
        this.ticks = ticksOf(text);
    }

    go(): void {
        const special = /[\\`*_~[\]<hHwW]/g;
        for (;;) {
            special.lastIndex = this.at;
            const found = special.exec(this.text);
            if (!found) break;
            this.at = found.index;
            const length = this.take(found[0]);
            // Nothing special after all.
            if (length === 0) this.at += 1;
        }
        this.flush(this.text.length);
        emphasise(this.items, 0);
    }

    /** Ends the plain text before `this.at`, and goes on `length` further. */
    private flush(end: number, length = 0): void {
        if (end > this.from) this.items.push(this.text.slice(this.from, end));
        this.from = this.at = end + length;
    }

    private put(item: Item, length: number): number {
        this.flush(this.at, length);
        this.items.push(item);
        return length;
    }

    private take(char: string): number {
        const { text, at } = this;
        if (char === '\\') return this.escape();
        if (char === '`') return this.code();
        if (char === '[') {
            // An image is of somebody else's server: it stays the text that it is.
            const isActive = text[at - 1] !== '!';
            const length = this.put('[', 1);
            this.brackets.push({ item: this.items.length - 1, isActive });
            return length;
        }
        if (char === ']') return this.close();
        if (char === '<') {
            const found = match(angled, text, at);
            return found ? this.link(found[1]!, found[0], found[1]!) : 0;
        }
        if ('*_~'.includes(char)) {
            const run = runAt(text, at);
            return this.put({ run }, run.length);
        }
        return this.address();
    }

    private escape(): number {
        const next = this.text[this.at + 1] ?? '';
        return /[!-/:-@[-`{-~]/.test(next) ? this.put(next, 2) : 0;
    }

    private code(): number {
        const { text, at } = this;
        let length = 0;
        while (text[at + length] === '`') length += 1;
        const places = this.ticks.get(length) ?? [];
        while (places.length > 0 && places.at(-1)! <= at) places.pop();
        const end = places.at(-1);
        if (end === undefined) {
            this.at += length - 1;
            return 0;
        }
        let code = text.slice(at + length, end);
        const isPadded = code.startsWith(' ') && code.endsWith(' ') && code.trim() !== '';
        if (isPadded) code = code.slice(1, -1);
        return this.put({ code }, end + length - at);
    }

    private address(): number {
        const { text, at } = this;
        if (/[\p{L}\p{N}_/.@-]/u.test(text[at - 1] ?? '')) return 0;
        const found = match(bare, text, at);
        const shown = found ? trimmed(found[0]) : '';
        return this.link(/^w/i.test(shown) ? `http://${shown}` : shown, shown, shown);
    }

    private link(address: string, typed: string, shown: string): number {
        const href = hrefOf(address);
        if (!href) return 0;
        this.put({ begin: { tag: 'a', typed: '', href } }, typed.length);
        this.items.push(shown, { end: '' });
        return typed.length;
    }

    /** A closing bracket, and perhaps the address that makes a link of what is between. */
    private close(): number {
        const opener = this.brackets.pop();
        const found = opener?.isActive ? match(target, this.text, this.at + 1) : null;
        const href = found && hrefOf(found[1]!.replace(/\\([!-/:-@[-`{-~])/g, '$1'));
        if (!opener || !href) return 0;
        const length = 1 + found[0].length;
        const typed = this.text.slice(this.at, this.at + length);
        this.flush(this.at, length);
        emphasise(this.items, opener.item);
        this.items[opener.item] = { begin: { tag: 'a', typed: '[', href } };
        this.items.push({ end: typed });
        // No link within a link: what was open around it is text.
        this.brackets.length = 0;
        return length;
    }
}

interface Open {
    kids: Span[];
    /** Too deep: its marks are text. */
    isFlat: boolean;
}

/** The list as a tree. What was begun within a link that is flat ends flat, too. */
function fold(items: Item[]): Span[] {
    const root: Span[] = [];
    const open: Open[] = [{ kids: root, isFlat: false }];
    let links = 0;
    const put = (span: Span) => {
        const { kids } = open.at(-1)!;
        const last = kids.length - 1;
        if (typeof span === 'string' && typeof kids[last] === 'string') kids[last] += span;
        else if (span !== '') kids.push(span);
    };
    const begin = ({ tag, typed, href }: Mark) => {
        // No link within a link: an address in the words of one is text.
        const isFlat = open.length > deepest || (tag === 'a' && links > 0);
        if (tag === 'a') links += 1;
        if (isFlat) {
            put(typed);
            open.push({ kids: open.at(-1)!.kids, isFlat });
            return;
        }
        const kids: Span[] = [];
        put(href === undefined ? { tag, kids } : { tag, href, kids });
        open.push({ kids, isFlat });
    };
    const end = (typed: string) => {
        const { isFlat } = open.pop()!;
        if (isFlat) put(typed);
    };
    for (const item of items) {
        if (typeof item === 'string') put(item);
        else if ('code' in item) put({ tag: 'code', kids: [item.code] });
        else if ('begin' in item) begin(item.begin);
        else if ('end' in item) {
            end(item.end);
            links -= 1;
        } else {
            const { ends, char, left, begins } = item.run;
            for (const typed of ends) end(typed);
            put(char.repeat(left));
            for (const mark of begins.reverse()) begin(mark);
        }
    }
    return root;
}

/** The marks and words of a paragraph, or of any other text without blocks. */
export function spansOf(text: string): Span[] {
    const walk = new Walk(text);
    walk.go();
    return fold(walk.items);
}
