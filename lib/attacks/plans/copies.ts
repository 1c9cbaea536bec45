import type { AttackRow } from '../types.ts';
import { type AttackPlan, type AttackScene, ownRows, withRows } from './attack-plan.ts';
import { padded } from './near-copies.ts';

/** Every own row again, word for word, `times` times. */
export const copyOwnRows =
  (times: number): AttackPlan =>
  (scene) =>
    withRows(
      scene,
      ownRows(scene).flatMap((row) => Array.from({ length: times }, (_, i) => ({ ...row, id: `${row.id}-copy${i}` }))),
    );

/** The best-paid row of somebody else, under the attacker's name. */
export const stealBestRow: AttackPlan = (scene) => {
  const best = bestRowOfOthers(scene);
  return withRows(scene, [{ ...best, id: `${best.id}-stolen`, contributor: scene.attacker }]);
};

/** The same with words added, so that it is not the same text. */
export const stealBestRowPadded: AttackPlan = (scene) => {
  const best = padded(bestRowOfOthers(scene), scene.random, scene.rows);
  return withRows(scene, [{ ...best, id: `${best.id}-stolen`, contributor: scene.attacker }]);
};

function bestRowOfOthers({ rows, attacker, paidRows }: AttackScene): AttackRow {
  const others = rows.filter(({ contributor }) => contributor !== attacker);
  return others.reduce((best, row) => ((paidRows.get(row.id) ?? 0) > (paidRows.get(best.id) ?? 0) ? row : best));
}
