import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findCopies } from '#lib/engine/attribution/clusters/find-copies.ts';
import { attributeShares } from '#lib/kernel/attribute-shares.ts';
import { sha256 } from '#lib/platform/storage/content-address.ts';
import { chooseTrainingSet, type TrainingSet } from './choose-training-set.ts';
import type { VersionRow } from './read-version-rows.ts';
import type { CopyOf, CopyRule, TrainingRow } from './training-engine.ts';

const engine = {
  findCopies: async (rows: TrainingRow[], rule?: CopyRule): Promise<CopyOf[]> => findCopies(rows, rule),
};
const fields = [{ name: 'prompt' }, { name: 'completion' }];
const root = `0x${'0'.repeat(64)}` as const;
const wallet = (n: number) => `0x${n.toString(16).padStart(40, '0')}` as const;
const wordsOf = (seed: string, count: number): string[] =>
  Array.from({ length: count }, (_, i) => createHash('sha256').update(`${seed} ${i}`).digest('hex').slice(0, 6));

function row(place: number, seed: string, contributor: `0x${string}`, completion = wordsOf(seed, 30)): VersionRow {
  const data = { prompt: wordsOf(`${seed}?`, 8).join(' '), completion: completion.join(' ') };
  const contentHash = sha256(JSON.stringify([data, place])); // spelling plays a part in it, so copies have others
  return { id: `ex_${String(place).padStart(5, '0')}`, contributor, contentHash, data };
}
const originals = Array.from({ length: 30 }, (_, i) => row(i, `row ${i}`, wallet(1 + (i % 5))));
const choose = (rows: VersionRow[]): Promise<TrainingSet> => chooseTrainingSet(engine, { rows, fields, root });

/** Influence as a function of the words: what equal training gives equal rows. */
function sharesOf(set: TrainingSet, rows: readonly VersionRow[], scoreSeed: number) {
  const ownerOf = new Map(rows.map(({ id, contributor }) => [id, contributor]));
  const scored = set.train.map(({ id, messages }) => {
    const noise = createHash('sha256')
      .update(`${scoreSeed}${JSON.stringify(messages)}`)
      .digest()
      .readInt32LE(0);
    const lineage = [{ role: 'collect' as const, account: ownerOf.get(id)! }];
    return { exampleId: id, score: BigInt(noise), lineage };
  });
  const positiveSum = scored.reduce((sum, { score }) => sum + (score > 0n ? score : 0n), 0n);
  return attributeShares(scored, { alphaPpm: 700_000, cutScore: 2n ** 30n, sigma: 2n ** 28n, positiveSum }).shares;
}

/** An attack: later rows that repeat the words of earlier ones, exactly, in capitals, with a word changed or a sentence more. */
const attack = fc.array(
  fc.record({
    victim: fc.nat({ max: 29 }),
    thief: fc.nat({ max: 9 }),
    kind: fc.constantFrom('exact', 'capitals', 'one word', 'appended'),
  }),
  { minLength: 1, maxLength: 40 },
);
type Theft = { victim: number; thief: number; kind: string };
function copyOf({ victim, thief, kind }: Theft, i: number): VersionRow {
  const words = wordsOf(`row ${victim}`, 30);
  const edited = {
    exact: words,
    capitals: words.map((word) => word.toUpperCase()),
    'one word': words.map((word, at) => (at === i % 30 ? 'changed' : word)),
    appended: [...words, ...wordsOf(`more ${i}`, 3)],
  }[kind]!;
  return row(1000 + i, `row ${victim}`, wallet(1 + thief), edited);
}

describe('chooseTrainingSet', () => {
  it('gives the same set, order and root, and everybody the same shares to the ppm, whatever is copied by whom', async () => {
    const honest = await choose(originals);
    await fc.assert(
      fc.asyncProperty(attack, fc.nat(), async (thefts, seed) => {
        const rows = [...originals, ...thefts.map(copyOf)];
        const attacked = await choose(rows);
        expect(attacked.copies).toHaveLength(thefts.length);
        expect({ ...attacked, copies: [] }).toEqual({ ...honest, copies: [] });
        expect(sharesOf(attacked, rows, seed)).toEqual(sharesOf(honest, originals, seed));
      }),
      { numRuns: 25 },
    );
  });

  it('does not know owners: an author with many wallets trains the same bits and earns the same in sum', async () => {
    const honest = await choose(originals);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 100, max: 199 }), { minLength: 30, maxLength: 30 }),
        fc.nat(),
        async (wallets, seed) => {
          const isAuthor = (contributor: string) => contributor === wallet(1);
          const split = originals.map((honestRow, i) =>
            isAuthor(honestRow.contributor) ? { ...honestRow, contributor: wallet(wallets[i]!) } : honestRow,
          );
          const set = await choose(split);
          expect(set).toEqual(honest);
          const total = (rows: readonly VersionRow[], owns: (contributor: string) => boolean): number =>
            sharesOf(set, rows, seed)
              .filter(({ account }) => owns(account))
              .reduce((sum, { sharePpm }) => sum + sharePpm, 0);
          const isSplit = (contributor: string) => BigInt(contributor) >= 100n;
          expect(total(split, isSplit)).toBe(total(originals, isAuthor));
          for (const other of [2, 3, 4, 5].map(wallet)) {
            expect(total(split, (owner) => owner === other)).toBe(total(originals, (owner) => owner === other));
          }
        },
      ),
      { numRuns: 15 },
    );
  });

  it('does not know ids or the order of originals, only their words', async () => {
    const renamed = originals.toReversed().map((original, i) => ({ ...original, id: `ex_other_${i}` }));
    const [one, other] = [await choose(originals), await choose(renamed)];
    expect(other.root).toBe(one.root);
    expect(other.train.map(({ messages }) => messages)).toEqual(one.train.map(({ messages }) => messages));
    expect((await choose(originals.slice(1))).root).not.toBe(one.root);
  });

  it('holds out what nobody could know before all rows were in: no spelling of a row has a say', async () => {
    const honest = await choose(originals);
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: 29 }), fc.constantFrom('0', 'f'), async (place, digit) => {
        const spelt = originals.map((each, i) => (i === place ? { ...each, contentHash: digit.repeat(64) } : each));
        expect(await choose(spelt)).toEqual(honest);
        const before = await chooseTrainingSet(engine, { rows: spelt, fields, root }, 'originals/1');
        expect(before.heldOut.some(({ id }) => id === originals[place]!.id)).toBe(digit === '0');
      }),
      { numRuns: 10 },
    );
    const shifted = await Promise.all([1, 2, 3, 4].map((gone) => choose(originals.slice(gone))));
    const sealed = shifted.map(({ heldOut }) => heldOut.map(({ id }) => id).join());
    expect(new Set(sealed).size).toBeGreaterThan(1); // one row fewer draws anew
  });

  it('reproduces runs from before by their rule: every row, in leaf order, by the version root', async () => {
    const rows = [...originals, copyOf({ victim: 3, thief: 9, kind: 'exact' }, 0)];
    const set = await chooseTrainingSet(engine, { rows, fields, root }, 'all-rows/1');
    expect(set).toMatchObject({ root, copies: [] });
    expect([...set.train, ...set.heldOut].map(({ id }) => id).sort()).toEqual(rows.map(({ id }) => id));
    const ids = set.train.map(({ id }) => id);
    expect(ids).toEqual([...ids].sort());
  });

  it('refuses a version of which too little is left', async () => {
    const rows = [
      ...originals.slice(0, 19),
      ...Array.from({ length: 30 }, (_, i) => copyOf({ victim: 1, thief: 1, kind: 'exact' }, i)),
    ];
    await expect(choose(rows)).rejects.toMatchObject({ code: 'too_few_originals' });
  });
});
