import { spansOf, type Span } from './spans';

// The blocks of a message: paragraphs, quotes, lists, code, headings and rules, as CommonMark 0.31
// (sections 4 and 5) has them, but where people who chat mean something else: a quote and a list end
// with their last marked line, so that the answer below a quote is no part of it; lines that are
// indented are no code; tables and HTML are text. Each line is looked at once a level.

export type Block =
    | { kind: 'text'; spans: Span[] }
    | { kind: 'title'; spans: Span[] }
    | { kind: 'code'; text: string }
    | { kind: 'quote'; blocks: Block[] }
    | { kind: 'list'; start: number | null; items: Block[][] }
    | { kind: 'rule' };

/** Quotes in quotes and lists in lists, deeper than anybody means it, are shown as typed. */
const deepest = 8;

const fence = /^ {0,3}(`{3,}|~{3,})([^`]*)$/;
const title = /^ {0,3}#{1,6}[ \t]+(\S.*)$/;
const rule = /^ {0,3}([-*_])[ \t]*(?:\1[ \t]*){2,}$/;
const quote = /^ {0,3}> ?/;
const item = /^ {0,3}([-+*]|\d{1,9}[.)])[ \t]+(?=\S)/;
/** A number in the middle of a sentence begins no list, unless it is the first. */
const interrupting = /^ {0,3}(?:[-+*]|1[.)])[ \t]+\S/;

const isBlank = (line: string | undefined) => line === undefined || line.trim() === '';
const isNumber = (marker: string) => marker.length > 1;

function endsParagraph(line: string): boolean {
    return [quote, interrupting, fence, title, rule].some((each) => each.test(line));
}

class Reader {
    private at = 0;

    constructor(
        private readonly lines: string[],
        private readonly depth: number,
    ) {}

    all(): Block[] {
        const blocks: Block[] = [];
        while (this.at < this.lines.length) {
            if (isBlank(this.lines[this.at])) this.at += 1;
            else blocks.push(this.block());
        }
        return blocks;
    }

    private block(): Block {
        const line = this.lines[this.at]!;
        const opening = fence.exec(line);
        if (opening) return this.code(opening[1]!);
        const heading = title.exec(line);
        if (heading) {
            this.at += 1;
            return { kind: 'title', spans: spansOf(heading[1]!.trimEnd()) };
        }
        if (rule.test(line)) {
            this.at += 1;
            return { kind: 'rule' };
        }
        if (this.depth < deepest) {
            if (quote.test(line)) return this.quote();
            const marker = item.exec(line);
            if (marker) return this.list(marker[1]!);
        }
        return this.paragraph();
    }

    private code(opening: string): Block {
        const start = ++this.at;
        const isEnd = (line: string) => {
            const mark = fence.exec(line);
            return mark && mark[1]!.startsWith(opening) && isBlank(mark[2]);
        };
        while (this.at < this.lines.length && !isEnd(this.lines[this.at]!)) this.at += 1;
        const text = this.lines.slice(start, this.at++).join('\n');
        return { kind: 'code', text };
    }

    private quote(): Block {
        const inner: string[] = [];
        for (; quote.test(this.lines[this.at] ?? ''); ++this.at) {
            inner.push(this.lines[this.at]!.replace(quote, ''));
        }
        return { kind: 'quote', blocks: this.inside(inner) };
    }

    private list(first: string): Block {
        const items: Block[][] = [];
        for (;;) {
            const marker = item.exec(this.lines[this.at] ?? '');
            if (!marker || isNumber(marker[1]!) !== isNumber(first)) break;
            if (items.length > 0 && rule.test(this.lines[this.at]!)) break;
            items.push(this.inside(this.item(marker[0])));
            let next = this.at;
            while (next < this.lines.length && isBlank(this.lines[next])) next += 1;
            // A gap between two items is none in the list.
            if (item.test(this.lines[next] ?? '')) this.at = next;
        }
        return { kind: 'list', start: isNumber(first) ? parseInt(first, 10) : null, items };
    }

    /** The lines of an item, without its marker and what they are indented by because of it. */
    private item(marker: string): string[] {
        const inner = [this.lines[this.at++]!.slice(marker.length)];
        const indent = new RegExp(`^(?:\\t| {2,${Math.max(2, marker.length)}})`);
        for (; this.at < this.lines.length; ++this.at) {
            const line = this.lines[this.at]!;
            if (indent.test(line)) inner.push(line.replace(indent, ''));
            else if (isBlank(line) && indent.test(this.lines[this.at + 1] ?? '')) inner.push('');
            else break;
        }
        return inner;
    }

    private paragraph(): Block {
        const start = this.at++;
        while (this.at < this.lines.length) {
            const line = this.lines[this.at]!;
            if (isBlank(line) || endsParagraph(line)) break;
            this.at += 1;
        }
        const text = this.lines.slice(start, this.at).join('\n').trim();
        return { kind: 'text', spans: spansOf(text) };
    }

    private inside(lines: string[]): Block[] {
        return new Reader(lines, this.depth + 1).all();
    }
}

export function blocksOf(text: string): Block[] {
    return new Reader(text.split('\n'), 0).all();
}
