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
        ['***both***', '<p><em><strong>both</strong></em></p>'],
        ['*a **b** c*', '<p><em>a <strong>b</strong> c</em></p>'],
        ['**a *b** c*', '<p><em><em>a <em>b</em></em> c</em></p>'],
        ['snake_case_name 2*3*4 * 5', '<p>snake_case_name 2<em>3</em>4 * 5</p>'],
        ['_so_ __so__', '<p><em>so</em> <strong>so</strong></p>'],
        ['~one~ ~~~three~~~', '<p>~one~ ~~~three~~~</p>'],
        ['`` a`b `` and ` alone', '<p><code>a`b</code> and ` alone</p>'],
        ['`**no**` **`yes`**', '<p><code>**no**</code> <strong><code>yes</code></strong></p>'],
        ['\\`` x', '<p>`` x</p>'],
        ['> said\nanswered', '<blockquote><p>said</p></blockquote><p>answered</p>'],
        [
            '> > deep\n> less',
            '<blockquote><blockquote><p>deep</p></blockquote><p>less</p></blockquote>',
        ],
        ['- a\n  - b\n- c\nafter', '<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul><p>after</p>'],
        ['- a\n\n  more\n\n- b', '<ul><li>a<p>more</p></li><li>b</li></ul>'],
        ['- [ ] to do\n- [x] done', '<ul><li class="task">☐ to do</li><li class="task">☑ done</li></ul>'],
        ['In\n2024. we', '<p>In\n2024. we</p>'],
        ['+1 -2 *', '<p>+1 -2 *</p>'],
        ['~~~\na\n\n  b\n~~~\nc', '<pre><code>a\n\n  b</code></pre><p>c</p>'],
        ['```\nnever closed', '<pre><code>never closed</code></pre>'],
        ['a\n\n\n\nb', '<p>a</p><p>b</p>'],
        ['---', '<hr/>'],
        ['    four spaces', '<p>four spaces</p>'],
        ['#hashtag', '<p>#hashtag</p>'],
        ['[brackets] [and](no', '<p>[brackets] [and](no</p>'],
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

    it.each([
        [
            '(see https://example.org/a_(b)).',
            'https://example.org/a_(b)',
            'https://example.org/a_(b)',
        ],
        ['**https://example.org/**', 'https://example.org/', 'https://example.org/'],
        ['www.example.org, and', 'http://www.example.org/', 'www.example.org'],
        ['<https://example.org/*a*>', 'https://example.org/*a*', 'https://example.org/*a*'],
        [
            '[**b** c](https://example.org/(d) "title")',
            'https://example.org/(d)',
            '<strong>b</strong> c',
        ],
        [
            '![x](https://example.org/x.png)',
            'https://example.org/x.png',
            'https://example.org/x.png',
        ],
        ['[a [b](https://example.org) c](https://example.net)', 'https://example.org/', 'b'],
    ])('%j leads to %j', (text, href, words) => {
        const first = /<a href="([^"]*)"[^>]*>(.*?)<\/a>/.exec(html(text));
        expect(first?.slice(1)).toEqual([href, words]);
        expect(html(text)).not.toMatch(/<a[^>]*>(?:(?!<\/a>).)*<a/);
    });

    it('shows everything that was typed, but marks', () => {
        for (const text of ['*a **b', 'a_ _b', '[x](', '](y)', '~~a', '<b>', '\\', '`', '&lt;']) {
            expect(renderToStaticMarkup(<>{text}</>)).toBe(html(text).replace(/<[^>]+>/g, ''));
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
            '*',
            '*a **b ',
            '*a_ ',
            'a**b*',
            '*a *a **a a* a* a** ',
            '[',
            '[a](',
            '[a](b "',
            '[]',
            '![',
            '> ',
            '`',
            '`a``b```c',
            '_a',
            '- ',
            '- a\n',
            '1. a\n\n',
            '> - ',
            '```\na\n~~~\n',
            'https://',
            'https://a,',
            'www.a,',
            '<https://a',
            '\n \n',
            '\\',
        ].map((part) => part.repeat(Math.floor(20_000 / part.length)))) {
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
