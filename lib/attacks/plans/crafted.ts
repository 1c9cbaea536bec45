import type { SandboxModel } from '../attack-engine.ts';
import { toSandboxRow } from '../sandbox-row.ts';
import type { AttackRow } from '../types.ts';
import { type AttackPlan, type AttackScene, ownRows, withOwnRows, wordsOf } from './attack-plan.ts';

/** Part of a row's words that may be changed; the published attack changes 16 of 64 characters. */
const changedMax = 0.25;
const candidatesAPlace = 4;
const variantsARound = 5;
const rounds = 2;
/** Rows that the attacker works on: the search costs a pass a candidate. */
const craftedMax = 8;

/**
 * The outlier attack (arXiv 2409.05657 §4, its text form): with nothing but what the model says, makes own rows surprising,
 * because outliers tend to be influential. Words of the question in the order of their importance (how much log p of the
 * answer falls without the word) become the word among a few that lowers log p of the answer most. Ours differs in working on
 * words in place of characters, with 4 drawn candidates a place in place of the whole vocabulary.
 */
export const craftOutliers: AttackPlan = async (scene) => {
  const words = vocabularyOf(scene);
  const crafted = new Map<string, AttackRow>();
  for (const row of scene.random.sample(ownRows(scene), craftedMax)) {
    crafted.set(row.id, await makeSurprising(scene, row, words));
  }
  return withOwnRows(scene, (row) => [crafted.get(row.id) ?? row]);
};

async function makeSurprising({ model, random }: AttackScene, row: AttackRow, words: string[]): Promise<AttackRow> {
  const places = wordsOf(row.question).length;
  if (places === 0) return row; // a text without a question has nothing to change but what is learnt
  const logP = (rows: AttackRow[]): Promise<number[]> => model.logProbabilities(rows.map(toSandboxRow));
  const without = await logP(Array.from({ length: places }, (_, at) => replaceWord(row, at, '')));
  const order = without.map((value, at) => ({ value, at })).sort((a, b) => a.value - b.value || a.at - b.at);
  let best = row;
  let [lowest] = await logP([row]);
  for (const { at } of order.slice(0, Math.max(1, Math.floor(places * changedMax)))) {
    const candidates = random.sample(words, candidatesAPlace).map((word) => replaceWord(best, at, word));
    const values = await logP(candidates);
    for (const [i, value] of values.entries()) if (value < lowest!) [lowest, best] = [value, candidates[i]!];
  }
  return best;
}

/**
 * The shadow attack (arXiv 2409.05657 §3): knows the kind of data and the method. Trains a model of its own on half of the
 * other rows and its own, and changes its rows so that this model's influence of them on what customers ask grows. The
 * published attack follows the gradient of that in pixel space; words have none, so ours searches: each round a few variants
 * with a quarter of the words replaced, of which the one with the largest influence goes on. The influence is computed by the very
 * method that pays, which is more than the published attacker has.
 */
export const craftWithShadow: AttackPlan = async (scene) => {
  const { rows, attacker, random } = scene;
  const others = rows.filter(({ contributor }) => contributor !== attacker);
  const known = new Set(random.sample(others, Math.ceil(others.length / 2)).map(({ id }) => id));
  const shadow = await scene.trainShadow(rows.filter((row) => row.contributor === attacker || known.has(row.id)));
  const words = vocabularyOf(scene);
  let crafted = random.sample(ownRows(scene), craftedMax);
  for (let round = 0; round < rounds; round++) crafted = await grow(scene, shadow, crafted, words);
  const byId = new Map(crafted.map((row) => [row.id, row]));
  return withOwnRows(scene, (row) => [byId.get(row.id) ?? row]);
};

async function grow(
  scene: AttackScene,
  shadow: SandboxModel,
  rows: AttackRow[],
  words: string[],
): Promise<AttackRow[]> {
  const { random, questions } = scene;
  const variants = rows.flatMap((row) => [
    row,
    ...Array.from({ length: variantsARound }, () => vary(row, random, words)),
  ]);
  const named = variants.map((row, i) => toSandboxRow({ ...row, id: `variant-${i}` }));
  const influences = await shadow.influenceOf(
    named,
    questions.map((content) => [{ role: 'user' as const, content }]),
  );
  return rows.map((_, i) => {
    const first = i * (variantsARound + 1);
    let best = first;
    for (let at = first; at <= first + variantsARound; at++) if (influences[at]! > influences[best]!) best = at;
    return variants[best]!;
  });
}

function vary(row: AttackRow, random: AttackScene['random'], words: string[]): AttackRow {
  const changed = (text: string): string => {
    const list = wordsOf(text);
    const places = new Set(random.sample([...list.keys()], Math.floor(list.length * changedMax)));
    return list.map((word, at) => (places.has(at) ? random.pick(words) : word)).join(' ');
  };
  return { ...row, question: changed(row.question), answer: changed(row.answer) };
}

function replaceWord(row: AttackRow, at: number, word: string): AttackRow {
  const list = wordsOf(row.question);
  list[at] = word;
  return { ...row, question: list.filter((each) => each !== '').join(' ') };
}

function vocabularyOf({ rows }: AttackScene): string[] {
  return [...new Set(rows.flatMap(({ question, answer }) => wordsOf(`${question} ${answer}`)))].sort();
}
