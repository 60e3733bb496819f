import { Lexer, type Token, type Tokens } from 'marked';
import { Fragment, memo, type ReactNode } from 'react';

// Messages as Markdown. The lexer's tokens become React elements, and everything that is not one of
// the few known kinds is shown as the text that was typed: no HTML is ever made from a message.

const safe = /^(https?:|mailto:)/i;
/** Longer texts are shown as they are: no lexer is trusted with any length. */
const longest = 20_000;
/** Quotes in quotes and lists in lists, deeper than anybody means it, are shown as typed. */
const deepest = 8;

function lex(text: string): Token[] | null {
    if (text.length > longest) return null;
    try {
        return new Lexer({ gfm: true, breaks: true }).lex(text);
    } catch {
        // The lexer recurses as deep as a text is nested.
        return null;
    }
}

export function hrefOf(href: string): string | null {
    try {
        const url = new URL(href);
        return safe.test(url.protocol) ? url.href : null;
    } catch {
        return null;
    }
}

function link(token: Tokens.Link | Tokens.Image, key: number): ReactNode {
    const href = hrefOf(token.href);
    if (!href || token.type === 'image') return token.raw;
    return (
        <a key={key} href={href} target="_blank" rel="noopener noreferrer nofollow">
            {inline(token.tokens)}
        </a>
    );
}

function inline(tokens: Token[] | undefined): ReactNode[] {
    return (tokens ?? []).map((token, key) => {
        switch (token.type) {
            case 'strong':
                return <strong key={key}>{inline(token.tokens)}</strong>;
            case 'em':
                return <em key={key}>{inline(token.tokens)}</em>;
            case 'del':
                return <del key={key}>{inline(token.tokens)}</del>;
            case 'codespan':
                return <code key={key}>{(token as Tokens.Codespan).text}</code>;
            case 'br':
                return '\n';
            case 'link':
                return link(token as Tokens.Link, key);
            case 'escape':
                return (token as Tokens.Escape).text;
            case 'text':
                return (
                    <Fragment key={key}>{token.tokens ? inline(token.tokens) : token.raw}</Fragment>
                );
            default:
                return token.raw;
        }
    });
}

function list(token: Tokens.List, key: number, depth: number): ReactNode {
    const items = token.items.map((item, place) => (
        <li key={place}>
            {item.task ? (item.checked ? '☑ ' : '☐ ') : ''}
            {blocks(
                item.tokens.filter((each) => each.type !== 'checkbox'),
                depth + 1,
            )}
        </li>
    ));
    if (!token.ordered) return <ul key={key}>{items}</ul>;
    return (
        <ol key={key} start={Number(token.start) || 1}>
            {items}
        </ol>
    );
}

function blocks(tokens: Token[], depth = 0): ReactNode[] {
    if (depth > deepest) return tokens.map((token) => token.raw);
    return tokens.map((token, key) => {
        switch (token.type) {
            case 'space':
                return null;
            case 'paragraph':
                return <p key={key}>{inline(token.tokens)}</p>;
            case 'heading':
                return (
                    <p key={key}>
                        <strong>{inline(token.tokens)}</strong>
                    </p>
                );
            case 'text':
                return (
                    <Fragment key={key}>{token.tokens ? inline(token.tokens) : token.raw}</Fragment>
                );
            case 'code':
                return (
                    <pre key={key}>
                        <code>{(token as Tokens.Code).text}</code>
                    </pre>
                );
            case 'blockquote':
                return <blockquote key={key}>{blocks(token.tokens ?? [], depth + 1)}</blockquote>;
            case 'list':
                return list(token as Tokens.List, key, depth);
            case 'hr':
                return <hr key={key} />;
            default:
                return <p key={key}>{token.raw.trimEnd()}</p>;
        }
    });
}

/** The elements of a text. */
export function render(text: string): ReactNode {
    const tokens = lex(text);
    return tokens ? blocks(tokens) : <p>{text}</p>;
}

function flat(tokens: Token[], depth = 0): string {
    if (depth > deepest) return tokens.map((token) => token.raw).join('');
    return tokens
        .map((token): string => {
            if (token.type === 'list') {
                const { items } = token as Tokens.List;
                return items.map((item) => flat(item.tokens, depth + 1)).join(' ');
            }
            if (token.type === 'codespan' || token.type === 'code') return token.text as string;
            if (token.type === 'br' || token.type === 'space') return ' ';
            return 'tokens' in token && token.tokens ? flat(token.tokens, depth + 1) : token.raw;
        })
        .join('');
}

/** The text without its marks, as far as a line of a list shows it. */
export function plain(text: string): string {
    const start = text.slice(0, 500);
    const tokens = lex(start);
    return (tokens ? flat(tokens) : start).replace(/\s+/g, ' ').trim();
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
