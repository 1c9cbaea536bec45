import type { AttackEngine } from './attack-engine.ts';
import type { AttackRules } from './attack-rules.ts';
import { type MeasuredWorld, measureWorld } from './measure-world.ts';
import { answerPpm, payAccounts } from './pay-answers.ts';
import { findPlan } from './plans/find-plan.ts';
import { SeededRandom } from './seeded-random.ts';
import type { AttackedWorld, AttackName, AttackResult, AttackRow } from './types.ts';

export type AttackInput = {
  /** In the order of contribution. */
  rows: AttackRow[];
  /** What customers ask; each pays one fee. */
  questions: string[];
  attack: AttackName;
  seed: string;
  /** The same attack by the same attacker with other random choices; 0, which a person gets, when left out. */
  draw?: number;
  /** Part of a fee that goes to data, millionths; for what an attacker's own questions cost. */
  dataPpm: number;
  onStage?: (stage: 'before' | 'craft' | 'after') => void;
};

/**
 * Runs one attack through the whole pipeline: the honest rows are chosen, trained on, indexed, asked and paid; then a
 * contributor with middling pay turns on the others, and the rows that it makes go the same way. Both times every account's
 * money is counted as receipts and reward period count it. Equal input gives equal output. Rows and models are read only.
 *
 * Throws a RangeError when nobody in the honest world earned anything, so that there is no gain to speak of.
 */
export async function runAttack(engine: AttackEngine, rules: AttackRules, input: AttackInput): Promise<AttackResult> {
  const { rows, questions, attack, seed, draw = 0, onStage } = input;
  onStage?.('before');
  const before = await measureWorld(engine, rules, rows, questions);
  const random = new SeededRandom(draw === 0 ? `${seed}|${attack}` : `${seed}|${attack}|${draw}`);
  const attacker = chooseAttacker(before, rows, new SeededRandom(`${seed}|attacker`));
  onStage?.('craft');
  const attacked = await findPlan(attack)({
    ...{ rows, attacker, questions, random, model: before.model, hashOf: rules.hashOf },
    paidRows: before.payout.rows,
    trainShadow: async (known) => engine.fit(await rules.choose(known)),
  });
  onStage?.('after');
  const after = await measureWorld(engine, rules, attacked.rows, [...questions, ...attacked.asked]);
  return compare(input, attacked, before, after);
}

/** One of the paid contributors with at least three rows trained on: the seed draws among the middle half by pay. */
function chooseAttacker(world: MeasuredWorld, rows: readonly AttackRow[], random: SeededRandom): string {
  const trained = new Set(world.trained);
  const pay = [...payAccounts(world.payout, rows)].filter(([account, paid]) => {
    return paid > 0 && rows.filter(({ id, contributor }) => contributor === account && trained.has(id)).length >= 3;
  });
  if (pay.length === 0) throw new RangeError('runAttack: nobody with three rows is paid anything');
  const ranked = pay.sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([account]) => account);
  const middle = ranked.slice(Math.floor(ranked.length / 4), Math.ceil((ranked.length * 3) / 4));
  return random.pick(middle.length > 0 ? middle : ranked);
}

function compare(
  { rows, dataPpm }: AttackInput,
  attacked: AttackedWorld,
  before: MeasuredWorld,
  after: MeasuredWorld,
): AttackResult {
  const isMine = new Set(attacked.accounts);
  const [paidBefore, paidAfter] = [payAccounts(before.payout, rows), payAccounts(after.payout, attacked.rows)];
  const copied = new Set(after.copies.map(({ id }) => id));
  const accounts = [...new Set([...paidBefore.keys(), ...paidAfter.keys()])].sort().map((account) => {
    const own = attacked.rows.filter(({ contributor }) => contributor === account);
    return {
      ...{ account, rows: own.length, copies: own.filter(({ id }) => copied.has(id)).length },
      ...{ before: paidBefore.get(account) ?? 0, after: paidAfter.get(account) ?? 0, isAttacker: isMine.has(account) },
    };
  });
  const sum = (mine: boolean, at: 'before' | 'after'): number =>
    accounts.filter(({ isAttacker }) => isAttacker === mine).reduce((total, account) => total + account[at], 0);
  const written = writtenRows(rows, attacked.rows);
  const trained = new Set(after.trained);
  return {
    attackerBefore: sum(true, 'before'),
    attackerAfter: sum(true, 'after'),
    feesPaid: Math.ceil((attacked.asked.length * answerPpm * answerPpm) / dataPpm),
    honestBefore: sum(false, 'before'),
    honestAfter: sum(false, 'after'),
    accounts,
    written: written.length,
    copies: { same: 0, near: 0, stitched: 0, ...countKinds(after, new Set(written)) },
    trained: written.filter((id) => trained.has(id)).length,
    paidRows: written.filter((id) => after.payout.named.has(id)).length,
    isUnmoved: before.root === after.root,
  };
}

/** Ids of the rows whose words the attack wrote. */
function writtenRows(before: readonly AttackRow[], after: readonly AttackRow[]): string[] {
  const words = new Map(before.map(({ id, question, answer }) => [id, JSON.stringify([question, answer])]));
  return after
    .filter(({ id, question, answer }) => words.get(id) !== JSON.stringify([question, answer]))
    .map(({ id }) => id);
}

function countKinds({ copies }: MeasuredWorld, written: ReadonlySet<string>): Partial<AttackResult['copies']> {
  const counts: Partial<AttackResult['copies']> = {};
  for (const { id, kind } of copies) if (written.has(id)) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}
