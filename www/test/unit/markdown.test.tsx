import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { hrefOf, isBig, Markdown, plain } from '../../src/lib/markdown';

const html = (text: string) =>
    renderToStaticMarkup(<Markdown text={text} />).replace(/^<div class="prose">|<\/div>$/g, '');

describe('Markdown', () => {
    it.each([
        ['plain', '<p>plain</p>'],
        [
            '**bold** *it* ~~gone~~ `a<b`',
            '<p><strong>bold</strong> <em>it</em> <del>gone</del> <code>a&lt;b</code></p>',
        ],
        ['one\ntwo', '<p>one\ntwo</p>'],
        ['> said', '<blockquote><p>said</p></blockquote>'],
        ['- a\n- b', '<ul><li>a</li><li>b</li></ul>'],
        ['3. c\n4. d', '<ol start="3"><li>c</li><li>d</li></ol>'],
        ['```js\nlet a;\n```', '<pre><code>let a;</code></pre>'],
        ['# Title', '<p><strong>Title</strong></p>'],
        ['1 < 2 & "x"', '<p>1 &lt; 2 &amp; &quot;x&quot;</p>'],
        ['\\*not\\*', '<p>*not*</p>'],
    ])('%j', (text, expected) => expect(html(text)).toBe(expected));

    it('links only where a link may lead', () => {
        expect(html('[x](https://example.org)')).toContain('href="https://example.org/"');
        expect(html('https://example.org/a?b=c')).toContain('rel="noopener noreferrer nofollow"');
        for (const evil of [
            'javascript:alert(1)',
            'JaVaScRiPt:alert(1)',
            'data:text/html,x',
            'vbscript:x',
            'file:///etc/passwd',
            '//evil.example',
            '/relative',
        ]) {
            expect(hrefOf(evil)).toBeNull();
            expect(html(`[x](${evil})`)).not.toContain('<a');
        }
    });

    it('makes no element of what was typed as HTML', () => {
        for (const evil of [
            '<script>alert(1)</script>',
            '<img src=x onerror=alert(1)>',
            'a <b onmouseover=alert(1)>b</b>',
            '<svg/onload=alert(1)>',
            '![x](https://tracker.example/x.png)',
            '<https://example.org/"onclick=alert(1)>',
            '| a | b |\n|---|---|\n| <i>c</i> | d |',
            '[a]: javascript:alert(1)\n\n[a]',
        ]) {
            const tags = html(evil).match(/<\/?[a-z]+/g) ?? [];
            expect(tags.filter((tag) => !/^<\/?(p|a|strong|em|code)$/.test(tag))).toEqual([]);
            expect(html(evil)).not.toMatch(/<[^>]+ on\w+=/);
        }
    });

    it('is quick with what was made to be slow', () => {
        const start = performance.now();
        for (const evil of [
            '*'.repeat(4000),
            '['.repeat(4000),
            '> '.repeat(2000),
            '`'.repeat(3999),
            '_a'.repeat(2000),
            '- '.repeat(1000),
            '>'.repeat(700),
        ]) {
            html(evil);
            plain(evil);
        }
        expect(performance.now() - start).toBeLessThan(20_000);
    });

    it('draws quotes in quotes only so deep', () => {
        const deep = html('>'.repeat(100) + ' deep');
        expect(deep.match(/<blockquote>/g)!.length).toBeLessThan(12);
        expect(deep).toContain('deep');
    });

    it('shows very long texts as they are', () => {
        expect(html(`**${'x'.repeat(30_000)}**`)).toContain('<p>**');
    });

    it('has a plain form for lists', () => {
        expect(plain('**Hello** `you`\n\n- one\n- two')).toBe('Hello you one two');
        expect(plain('see https://example.org')).toBe('see https://example.org');
    });

    it('knows emoji from words', () => {
        for (const big of ['🎉', '👩‍👩‍👧', '🇫🇷', '👍🏽 👍']) expect(isBig(big)).toBe(true);
        for (const small of ['a', '12', '🎉 party', '🎉🎉🎉🎉', '#', ''])
            expect(isBig(small)).toBe(false);
    });
});
