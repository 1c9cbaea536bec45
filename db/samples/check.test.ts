import { readFileSync } from 'node:fs';
import Papa from 'papaparse';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

/** Rows promised per sample Datanet; a lost or doubled append shows here. */
const ROWS_BY_SLUG = {
  'threat-intelligence': 120,
  'contract-clauses': 110,
  'defi-risk': 110,
  'scots-language': 120,
  'customer-support': 90,
};

const account = z.number().int().min(1).max(8);
/** Limits that keep a whole example inside the base model's context of 256 tokens. */
const promptText = z.string().max(200).refine(hasWords(6, 25), 'a prompt has 6 to 25 words');
const completionText = z.string().max(420).refine(hasWords(12, 60), 'a completion has 12 to 60 words');
const sampleRow = z.strictObject({ account, prompt: promptText, completion: completionText });
const uploadRow = z.strictObject({ prompt: promptText, completion: completionText });
const field = z.strictObject({ name: z.string(), label: z.string().min(1), maxChars: z.number().int().positive() });
const sampleDatanet = z.strictObject({
  slug: z.string(),
  title: z.string().min(3).max(80),
  domain: z.enum(['cybersecurity', 'law', 'medicine', 'defi', 'regional-language', 'support', 'finance']),
  language: z.string().refine((tag) => Intl.getCanonicalLocales(tag)[0] === tag, 'a canonical BCP-47 tag'),
  summary: z.string().min(40).max(160),
  description: z.string().refine((text) => [2, 3, 4].includes(text.split('\n\n').length), 'two to four paragraphs'),
  rubric: z.array(z.string().min(10)).min(4).max(6),
  license: z.literal('CC-BY-4.0'),
  fields: z.tuple([field.extend({ name: z.literal('prompt') }), field.extend({ name: z.literal('completion') })]),
  ownerAccount: account,
  curatorAccounts: z.array(account).min(1),
});

describe.each(Object.entries(ROWS_BY_SLUG))('sample Datanet %s', (slug, rowCount) => {
  const rows = readJsonl(`${slug}.jsonl`).map((row) => sampleRow.parse(row));
  const datanet = sampleDatanet.parse(JSON.parse(read(`${slug}.datanet.json`)));

  it('holds the promised number of rows, written by six accounts or more', () => {
    expect(rows).toHaveLength(rowCount);
    expect(new Set(rows.map((row) => row.account)).size).toBeGreaterThanOrEqual(6);
  });

  it('describes itself under its own slug and its rows keep its own limits', () => {
    expect(datanet.slug).toBe(slug);
    const [prompt, completion] = datanet.fields;
    for (const row of rows) {
      expect(row.prompt.length).toBeLessThanOrEqual(prompt.maxChars);
      expect(row.completion.length).toBeLessThanOrEqual(completion.maxChars);
    }
  });

  it('needs nobody to review rows of their own', () => {
    for (const { account: author } of rows) {
      expect(datanet.curatorAccounts.filter((curator) => curator !== author)).not.toHaveLength(0);
    }
  });

  it('is plain text: printable ASCII, no links, addresses, markdown or stray spaces', () => {
    for (const { prompt, completion } of rows) {
      for (const text of [prompt, completion]) {
        expect(text).toMatch(/^[\x20-\x7e]+$/);
        expect(text).not.toMatch(/https?:|www\.|\S@\S|\*\*|`|^[-#] | {2}|^\s|\s$/);
      }
      expect(completion).toMatch(/[.!?]"?$/);
    }
  });

  it('repeats no row, neither exactly nor nearly', () => {
    expect(new Set(rows.map((row) => row.prompt.toLowerCase())).size).toBe(rowCount);
    expect(findNearDuplicates(rows.map((row) => `${row.prompt} ${row.completion}`))).toEqual([]);
    expect(findNearDuplicates(rows.map((row) => row.completion))).toEqual([]);
  });
});

describe('the near-duplicate check', () => {
  it('catches a row of which one word was changed, and lets a different row pass', () => {
    const [first, second] = readJsonl('defi-risk.jsonl').map((row) => contentKey(sampleRow.parse(row)));
    const edited = first!.replace('holding two tokens', 'keeping two tokens');
    expect(edited).not.toBe(first);
    expect(findNearDuplicates([first!, second!, edited])).toEqual([[first, edited]]);
  });
});

describe('the example upload', () => {
  const csv = Papa.parse<Record<string, string>>(read('example-upload.csv'), { header: true, skipEmptyLines: true });
  const known = new Set(readJsonl('threat-intelligence.jsonl').map((row) => contentKey(sampleRow.parse(row))));

  it('is the same 20 rows as CSV and as JSONL', () => {
    expect(csv.errors).toEqual([]);
    expect(csv.data).toHaveLength(20);
    expect(readJsonl('example-upload.jsonl')).toEqual(csv.data);
  });

  it('holds 1 row with an empty completion, 2 known rows and 17 new ones', () => {
    const invalid = csv.data.filter((row) => !uploadRow.safeParse(row).success);
    expect(invalid.map((row) => row.completion)).toEqual(['']);
    const valid = csv.data.filter((row) => !invalid.includes(row)).map((row) => uploadRow.parse(row));
    const fresh = valid.filter((row) => !known.has(contentKey(row)));
    expect(valid.length - fresh.length).toBe(2);
    expect(fresh).toHaveLength(17);
    expect(findNearDuplicates([...fresh.map(contentKey), ...known])).toEqual([]);
  });
});

function read(name: string): string {
  return readFileSync(new URL(name, import.meta.url), 'utf8');
}

function readJsonl(name: string): unknown[] {
  return read(name)
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

function contentKey(row: { prompt: string; completion: string }): string {
  return `${row.prompt} ${row.completion}`;
}

function hasWords(min: number, max: number): (text: string) => boolean {
  return (text) => {
    const count = text.split(/\s+/).filter(Boolean).length;
    return count >= min && count <= max;
  };
}

/** Pairs of texts whose sets of 3-word shingles have a Jaccard index of 0.7 or more (Broder 1997). */
function findNearDuplicates(texts: string[]): [string, string][] {
  const shingleSets = texts.map(shingles);
  return texts.flatMap((text, i) =>
    texts
      .slice(0, i)
      .filter((_, j) => jaccard(shingleSets[i]!, shingleSets[j]!) >= 0.7)
      .map((other): [string, string] => [other, text]),
  );
}

function shingles(text: string): Set<string> {
  const words = text.toLowerCase().match(/[\p{L}\p{N}']+/gu) ?? [];
  return new Set(words.slice(2).map((word, i) => `${words[i]} ${words[i + 1]} ${word}`));
}

function jaccard(a: Set<string>, b: Set<string>): number {
  const shared = [...a].filter((shingle) => b.has(shingle)).length;
  return shared / (a.size + b.size - shared);
}
