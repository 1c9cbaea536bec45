import { describe, expect, it } from 'vitest';
import { copyKinds, plantCopy } from '#scripts/bench/dedup/plant.ts';
import { sourceRows } from '#scripts/bench/dedup/source-rows.ts';
import { NearRows } from './near-rows.ts';
import { compareRows, sketchRow } from './row-sketch.ts';
import { skeletonOf } from './skeleton.ts';

describe('skeletonOf', () => {
  it('sees through case, spaces, accents, marks, look-alikes and invisible letters', () => {
    const plain = skeletonOf('Will the lender hold 1,000 tokens at all?');
    expect(skeletonOf('  WILL the “lender”\u00a0hold 1,000 tokens; at all')).toBe(plain);
    expect(skeletonOf('Wi\u200bll the lеndеr hоld 1,000 tоkеns at аll?')).toBe(plain);
    expect(skeletonOf('W1|| the lénder ho1d 1,000 t0kens at all?')).toBe(plain);
  });

  it('keeps what changes a meaning', () => {
    expect(skeletonOf('a + b')).not.toBe(skeletonOf('a - b'));
    expect(skeletonOf('101 days')).not.toBe(skeletonOf('110 days'));
    expect(skeletonOf('-5 °C')).not.toBe(skeletonOf('5 °C'));
    expect(skeletonOf('हिन्दी')).not.toBe(skeletonOf('हन्द'));
  });
});

describe('near copies', () => {
  it('finds a sample row in every disguise that leaves its words, and names the oldest row', async () => {
    const sources = await sourceRows(null, 120);
    const rows = new NearRows();
    for (const texts of sources) expect(rows.findAndAdd(sketchRow(texts))).toBeNull();
    for (const kind of copyKinds.slice(0, 5)) {
      const found = sources.map((texts, i) =>
        rows.findAndAdd(sketchRow(texts.map((text) => plantCopy(kind, text, i)))),
      );
      expect(found.map((match) => match?.row)).toEqual(sources.map((_, i) => i));
    }
  });

  it('keeps another answer to the same question, and the same answer to another', () => {
    const row = sketchRow(['Which port does the mail service of Dunlow listen on?', 'It listens on port 2525.']);
    const answer = sketchRow(['Which port does the mail service of Dunlow listen on?', 'Nobody knows; ask its owner.']);
    const question = sketchRow(['How do I reach the print queue in Eskerby?', 'It listens on port 2525.']);
    expect([compareRows(row, answer), compareRows(row, question)]).toEqual([null, null]);
    expect(compareRows(row, row)).toEqual({ kind: 'same', similarity: 1 });
  });
});
