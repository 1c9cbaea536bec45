import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDatanetSchema, datanetDomains, slugSchema } from '#lib/datanets/schema.ts';
import { slugOf } from './slug-of.ts';
import { datanetTemplates } from './templates.ts';

describe('datanetTemplates', () => {
  it('has one for each domain, valid as soon as title and sentence are written', () => {
    expect(datanetTemplates.map(({ domain }) => domain).sort()).toEqual([...datanetDomains].sort());
    for (const { name, example, ...terms } of datanetTemplates) {
      const summary = `${name} for tests.`;
      const input = { ...terms, title: example, slug: slugOf(example), language: 'en', license: 'CC0-1.0', summary };
      expect(createDatanetSchema.safeParse(input).error).toBeUndefined();
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
