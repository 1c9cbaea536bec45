import { createHash } from 'node:crypto';
import type { AttackRow } from '../types.ts';
import { type AttackPlan, withOwnRows, wordsOf } from './attack-plan.ts';

/** The same rows, each under another of `count` wallets. */
export const splitIntoWallets =
  (count: number): AttackPlan =>
  (scene) => {
    const wallets = Array.from({ length: count }, (_, i) => walletOf(scene.attacker, i));
    let next = 0;
    const world = withOwnRows(scene, (row) => [{ ...row, contributor: wallets[next++ % count]! }]);
    return { ...world, accounts: [scene.attacker, ...wallets] };
  };

/** Each answer of six words or more in two pieces, both to the same question. */
export const cutIntoPieces: AttackPlan = (scene) =>
  withOwnRows(scene, (row) => {
    const words = wordsOf(row.answer);
    if (words.length < 6) return [row];
    const middle = Math.ceil(words.length / 2);
    return [words.slice(0, middle), words.slice(middle)].map(
      (piece, i): AttackRow => ({ ...row, id: `${row.id}-piece${i}`, answer: piece.join(' ') }),
    );
  });

/** An address that nobody holds, the same for the same attacker and number. */
function walletOf(attacker: string, number: number): string {
  return `0x${createHash('sha256').update(`${attacker}|wallet|${number}`).digest('hex').slice(0, 40)}`;
}
