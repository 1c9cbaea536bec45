import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeRows } from '#lib/contributions/parse/judge-rows.ts';
import { createDatanetSchema, datanetDomains, slugSchema } from '#lib/datanets/schema.ts';
import { slugOf } from './slug-of.ts';
import { datanetTemplates } from './templates.ts';

describe('datanetTemplates', () => {
  it('has one for each domain, valid as soon as title and sentence are written', () => {
    expect(datanetTemplates.map(({ domain }) => domain).sort()).toEqual([...datanetDomains].sort());
    for (const { name, example, accepted, refused, ...terms } of datanetTemplates) {
      const summary = `${name} for tests.`;
      const input = { ...terms, title: example, slug: slugOf(example), language: 'en', summary };
      expect(createDatanetSchema.safeParse(input).error).toBeUndefined();
      // The example to accept stands every check of ours; what is wrong with the other one only a person sees.
      for (const { prompt, completion } of [accepted, refused]) {
        const [verdict] = judgeRows(terms.fields, [{ line: 1, data: { prompt, completion } }], new Map());
        expect(verdict).toMatchObject({ kind: 'new' });
      }
    }
  });
});

describe('slugOf', () => {
  it.each([
    ['DeFi Risk & Yield', 'defi-risk-yield'],
    ['  Zürcher Mietrecht: FAQ! ', 'zurcher-mietrecht-faq'],
    ['日本語', ''],
  ])('%j becomes %j', (title, slug) => expect(slugOf(title)).toBe(slug));

  it('gives an address that the server takes, or one too short for it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (title) => {
        const slug = slugOf(title);
        return slug.length < 3 || slug === 'new' || slugSchema.safeParse(slug).success;
      }),
    );
  });
});
