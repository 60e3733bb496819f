import { memo, type ReactNode } from 'react';
import { blocksOf, type Block } from './blocks';
import type { Span } from './spans';

// Messages as Markdown: what `blocks.ts` and `spans.ts` know becomes React elements, and everything
// else is shown as the text that was typed. No HTML is ever made from a message.

/** Longer texts are shown as they are: so many elements help nobody. */
const longest = 20_000;
const taskMark = /^\[([ xX])\]\s/;

function inline(spans: Span[]): ReactNode[] {
    return spans.map((span, key) => {
        if (typeof span === 'string') return span;
        const { tag: Tag, kids } = span;
        if (Tag !== 'a') return <Tag key={key}>{inline(kids)}</Tag>;
        return (
            <a key={key} href={span.href} target="_blank" rel="noopener noreferrer nofollow">
                {inline(kids)}
            </a>
        );
    });
}

/** `- [x] done` is a task, whose box stands where others have their dot. */
const isTask = ([first]: Block[]): boolean =>
    first?.kind === 'text' &&
    typeof first.spans[0] === 'string' &&
    taskMark.test(first.spans[0]);

function withTask(spans: Span[]): Span[] {
    const [first, ...rest] = spans;
    const task = typeof first === 'string' ? taskMark.exec(first) : null;
    if (!task) return spans;
    const box = task[1] === ' ' ? '☐ ' : '☑ ';
    return [box + (first as string).slice(task[0].length), ...rest];
}

function item(blocks: Block[]): ReactNode[] {
    const [first, ...rest] = blocks;
    // The first words stand beside the mark of the list.
    if (first?.kind !== 'text') return elements(blocks);
    return [...inline(withTask(first.spans)), ...elements(rest, 1000)];
}

function elements(blocks: Block[], from = 0): ReactNode[] {
    return blocks.map((block, place) => {
        const key = from + place;
        switch (block.kind) {
            case 'text':
                return <p key={key}>{inline(block.spans)}</p>;
            case 'title':
                return (
                    <p key={key}>
                        <strong>{inline(block.spans)}</strong>
                    </p>
                );
            case 'code':
                return (
                    <pre key={key}>
                        <code>{block.text}</code>
                    </pre>
                );
            case 'quote':
                return <blockquote key={key}>{elements(block.blocks)}</blockquote>;
            case 'rule':
                return <hr key={key} />;
            case 'list': {
                const items = block.items.map((each, number) => (
                    <li key={number} className={isTask(each) ? 'task' : undefined}>
                        {item(each)}
                    </li>
                ));
                if (block.start === null) return <ul key={key}>{items}</ul>;
                return (
                    <ol key={key} start={block.start}>
                        {items}
                    </ol>
                );
            }
        }
    });
}

/** The elements of a text. */
export function render(text: string): ReactNode {
    return text.length > longest ? <p>{text}</p> : elements(blocksOf(text));
}

function words(spans: Span[]): string {
    return spans.map((span) => (typeof span === 'string' ? span : words(span.kids))).join('');
}

function flat(blocks: Block[]): string {
    return blocks
        .map((block) => {
            if (block.kind === 'list') return block.items.map(flat).join(' ');
            if (block.kind === 'quote') return flat(block.blocks);
            if (block.kind === 'code') return block.text;
            return block.kind === 'rule' ? '' : words(block.spans);
        })
        .join(' ');
}

/** The text without its marks, as far as a line of a list shows it. */
export function plain(text: string): string {
    return flat(blocksOf(text.slice(0, 500)))
        .replace(/\s+/g, ' ')
        .trim();
}

export const Markdown = memo(function Markdown({ text }: { text: string }) {
    return <div className="prose">{render(text)}</div>;
});

const emojiOnly = /^(?:\p{Extended_Pictographic}|\p{Emoji_Component}|\s)+$/u;

/** One to three emoji and nothing else: shown large. */
export function isBig(text: string): boolean {
    if (text.length > 40 || !emojiOnly.test(text) || /^[\d\s#*]+$/.test(text)) return false;
    return [...new Intl.Segmenter().segment(text.replace(/\s/g, ''))].length <= 3;
}

export { hrefOf } from './spans';
