import { expect, it } from 'vitest';
import { parseMarkdown } from './parse-markdown.ts';

it('reads headings, paragraphs, lists, code and what stands in a line', () => {
  expect(
    parseMarkdown(
      '# One\nSome **strong** and `code`,\nwith [a link](/datanets/x).\n\n- a\n- b\n```\n# no heading\n```',
    ),
  ).toEqual([
    { type: 'heading', level: 2, inlines: [{ type: 'text', text: 'One' }] },
    {
      type: 'paragraph',
      inlines: [
        { type: 'text', text: 'Some ' },
        { type: 'strong', text: 'strong' },
        { type: 'text', text: ' and ' },
        { type: 'code', text: 'code' },
        { type: 'text', text: ', with ' },
        { type: 'link', text: 'a link', href: '/datanets/x' },
        { type: 'text', text: '.' },
      ],
    },
    { type: 'list', items: [[{ type: 'text', text: 'a' }], [{ type: 'text', text: 'b' }]] },
    { type: 'code', text: '# no heading' },
  ]);
});

it('makes a link of no address that could run or leave unseen, and markup of no HTML', () => {
  for (const href of ['javascript:alert(1)', 'data:text/html,x', '//evil.example', '/\\\\evil.example', 'vbscript:x'])
    expect(JSON.stringify(parseMarkdown(`[x](${href})`))).not.toContain('"link"');
  expect(parseMarkdown('<script>alert(1)</script>')).toEqual([
    { type: 'paragraph', inlines: [{ type: 'text', text: '<script>alert(1)</script>' }] },
  ]);
  expect(parseMarkdown('```\nnever closed')).toEqual([{ type: 'code', text: 'never closed' }]);
});
