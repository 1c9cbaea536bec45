import { createHash } from 'node:crypto';
import type { AttackRow } from '../types.ts';
import { type AttackPlan, type AttackScene, ownRows, withOwnRows, withRows, wordsOf } from './attack-plan.ts';

/** Each own answer is followed by the ten commonest phrases of the Datanet. */
export const stuffPhrases: AttackPlan = (scene) => {
  const phrases = commonPhrases(scene.rows, 10).join(' ');
  return withOwnRows(scene, (row) => [{ ...row, answer: `${row.answer} ${phrases}` }]);
};

/** A tenth of the Datanet more: rows of its own words in no order. */
export const addSpam: AttackPlan = (scene) => withRows(scene, addSpamRows(scene, Math.round(scene.rows.length / 10)));

function addSpamRows({ rows, random, attacker }: AttackScene, count: number): AttackRow[] {
  const words = rows.flatMap(({ question, answer }) => wordsOf(`${question} ${answer}`));
  const text = (like: string): string => Array.from(wordsOf(like), () => random.pick(words)).join(' ');
  return Array.from({ length: count }, (_, i): AttackRow => {
    const like = random.pick(rows);
    return { id: `spam-${i}`, contributor: attacker, question: text(like.question), answer: text(like.answer) };
  });
}

/** No attack: somebody else adds one row. What this moves is chance, and every other figure is to be read beside it. */
export const addOneStranger: AttackPlan = (scene) => {
  const [row] = addSpamRows(scene, 1);
  const stranger = { ...row!, id: 'stranger', contributor: `0x${'5f'.repeat(20)}` };
  return { rows: [...scene.rows, stranger], accounts: [scene.attacker], asked: [] };
};

/** As many of the others' questions as one has rows, each answered wrongly: as it should begin, with the end of another answer. */
export const addPoison: AttackPlan = (scene) => {
  const { rows, random, attacker } = scene;
  const others = rows.filter(({ contributor }) => contributor !== attacker);
  const poison = random.sample(others, ownRows(scene).length).map((row): AttackRow => {
    const words = wordsOf(row.answer);
    const kept = Math.floor(words.length * 0.6);
    const wrong = wordsOf(random.pick(others.filter(({ answer }) => answer !== row.answer)).answer);
    const answer = [...words.slice(0, kept), ...wrong.slice(kept - words.length)].join(' ');
    return { id: `${row.id}-poison`, contributor: attacker, question: row.question, answer };
  });
  return withRows(scene, poison);
};

/** Spells each own row so that its hash is large: rows with the smallest hashes are held out and earn nothing. */
export const dodgeHeldOut: AttackPlan = (scene) =>
  withOwnRows(scene, (row) => {
    const spellings = ['', '.', '!', ' .', ' !', '..', ' -', ';', ' ;', '...', ' ...', '!!'];
    return [
      spellings
        .map((end) => ({ ...row, answer: `${row.answer}${end}` }))
        .reduce((best, next) => (scene.hashOf(next) > scene.hashOf(best) ? next : best)),
    ];
  });

/**
 * Tries to be what the model is measured by: a tenth of the Datanet more, near in words to the own rows and spelt so that the
 * hashes are small. Held-out rows decide a certificate's questions, and those may decide a common pool.
 */
export const seizeHeldOut: AttackPlan = (scene) => {
  const own = ownRows(scene);
  const count = Math.round(scene.rows.length / 10);
  const decoys = Array.from({ length: count }, (_, i): AttackRow => {
    const row = own[i % own.length]!;
    const tries = Array.from({ length: 40 }, (_, n) => {
      const mark = createHash('sha256').update(`${row.id}|${i}|${n}`).digest('hex').slice(0, 4);
      return { ...row, id: `${row.id}-decoy${i}`, answer: `${row.answer} see note ${mark} part ${i} of ${count}` };
    });
    return tries.reduce((best, next) => (scene.hashOf(next) < scene.hashOf(best) ? next : best));
  });
  return withRows(scene, decoys);
};

/** The commonest sequences of three words in answers; ties in the order of the text. */
function commonPhrases(rows: AttackRow[], count: number): string[] {
  const counts = new Map<string, number>();
  for (const { answer } of rows) {
    const words = wordsOf(answer.toLowerCase());
    for (let i = 0; i + 3 <= words.length; i++) {
      const phrase = words.slice(i, i + 3).join(' ');
      counts.set(phrase, (counts.get(phrase) ?? 0) + 1);
    }
  }
  return [...counts]
    .sort((a, b) => b[1] - a[1])
    .slice(0, count)
    .map(([phrase]) => phrase);
}
