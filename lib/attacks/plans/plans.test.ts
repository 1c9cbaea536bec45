import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findCopies } from '#lib/engine/attribution/clusters/find-copies.ts';
import { chooseTrainingSet } from '#lib/model-factory/choose-training-set.ts';
import { sha256 } from '#lib/platform/storage/content-address.ts';
import type { SandboxModel } from '../attack-engine.ts';
import { toSandboxRow } from '../sandbox-row.ts';
import { SeededRandom } from '../seeded-random.ts';
import type { AttackedWorld, AttackRow } from '../types.ts';
import { type AttackName, attackNames } from '../types.ts';
import type { AttackScene } from './attack-plan.ts';
import { findPlan } from './find-plan.ts';

const random = new SeededRandom('world');
const vocabulary = Array.from({ length: 300 }, (_, i) => `${random.pick([...'bdfgklm'])}o${i.toString(36)}`);
const text = (words: number): string => Array.from({ length: words }, () => random.pick(vocabulary)).join(' ');
const wallet = (n: number): string => `0x${n.toString(16).padStart(40, '0')}`;
const rows = Array.from({ length: 40 }, (_, i): AttackRow => {
  return { id: `ex_${i}`, contributor: wallet(i % 5), question: text(9), answer: text(24) };
});
const questions = rows.slice(0, 12).map(({ question }) => question);

/** What the searches of crafted rows look at; that they find anything is measured by the bench, on real models. */
const model: SandboxModel = {
  ask: () => Promise.reject(new Error('a plan asks no model')),
  logProbabilities: async (list) => list.map(({ messages }) => -messages[0]!.content.length),
  influenceOf: async (list) => list.map(({ messages }) => BigInt(messages[1]!.content.length)),
};
const hashOf = ({ question, answer }: AttackRow): string => sha256(JSON.stringify([question, answer]));

const attack = async (name: AttackName, seed = '1'): Promise<AttackedWorld> => {
  const scene: AttackScene = {
    ...{ rows, attacker: wallet(1), questions, random: new SeededRandom(seed), model, hashOf },
    paidRows: new Map(rows.map(({ id }, i) => [id, i])),
    trainShadow: async () => model,
  };
  return findPlan(name)(scene);
};

/** The training set as the product chooses it. */
async function choose(list: readonly AttackRow[]) {
  const fields = [{ name: 'question' }, { name: 'answer' }];
  const version = {
    fields,
    root: `0x${'0'.repeat(64)}` as const,
    rows: list.map(({ id, contributor, question, answer }) => {
      const data = { question, answer };
      return { id, contributor: contributor as `0x${string}`, data, contentHash: sha256(JSON.stringify(data)) };
    }),
  };
  const set = await chooseTrainingSet({ findCopies: async (units) => findCopies(units) }, version);
  return { root: set.root, train: set.train, heldOut: set.heldOut };
}

describe('findPlan', () => {
  it.each(attackNames)(
    '%s: repeats by its seed, names every row once, and leaves the rows of others alone',
    async (name) => {
      const [once, again] = [await attack(name), await attack(name)];
      expect(again).toEqual(once);
      expect(new Set(once.rows.map(({ id }) => id)).size).toBe(once.rows.length);
      const mine = new Set(once.accounts);
      const others = rows.filter(({ contributor }) => !mine.has(contributor));
      expect(once.rows.filter((row) => others.some(({ id }) => id === row.id))).toEqual(others);
      const written = once.rows.filter((row) => !others.some(({ id }) => id === row.id));
      const strangers = written.filter(({ contributor }) => !mine.has(contributor)).length;
      expect(strangers).toBe(name === 'control' ? 1 : 0);
    },
  );

  it('moves no bit of what is trained on by copies, of one’s own or of others, or by wallets', async () => {
    const honest = await choose(rows);
    const names = fc.constantFrom<AttackName>(
      'copy-1',
      'copy-10',
      'near-case',
      'steal-exact',
      'wallets-100',
      'self-query',
    );
    await fc.assert(
      fc.asyncProperty(names, fc.string(), async (name, seed) => {
        expect(await choose((await attack(name, seed)).rows)).toEqual(honest);
      }),
      { numRuns: 12 },
    );
  });

  it('is known for what it is where the words give it away', async () => {
    const known = async (name: AttackName): Promise<number> => {
      const { rows: attacked } = await attack(name);
      return findCopies(attacked.map(toSandboxRow)).length;
    };
    const own = rows.filter(({ contributor }) => contributor === wallet(1)).length;
    expect(await known('copy-100')).toBe(100 * own);
    for (const name of ['near-synonyms', 'near-stitched', 'retold', 'poison'] as const)
      expect(await known(name)).toBe(own);
    expect(await known('steal-near')).toBe(1);
    expect(await known('spam')).toBe(0);
  });

  it('spells rows as the hash wants it', async () => {
    const own = ({ contributor }: AttackRow): boolean => contributor === wallet(1);
    const dodged = (await attack('dodge-held-out')).rows.filter(own);
    for (const [i, row] of rows.filter(own).entries()) expect(hashOf(dodged[i]!) >= hashOf(row)).toBe(true);
    expect(dodged.map(hashOf)).not.toEqual(rows.filter(own).map(hashOf));
  });
});
