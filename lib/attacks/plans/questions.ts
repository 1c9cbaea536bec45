import { questionOf } from '../sample-sandbox.ts';
import type { AttackRow } from '../types.ts';
import { type AttackPlan, ownRows } from './attack-plan.ts';
import { padded } from './near-copies.ts';

/** The attacker pays for questions about its own rows: half as many as the customers ask. */
export const askAboutOwnRows: AttackPlan = (scene) => {
  const { rows, attacker, questions } = scene;
  const own = ownRows(scene).map(questionOf);
  const asked = Array.from({ length: Math.ceil(questions.length / 2) }, (_, i) => own[i % own.length]!);
  return { rows, accounts: [attacker], asked };
};

/** Three contributors copy each other's rows, a few words changed, and pay for questions about each other's rows. */
export const formRing: AttackPlan = (scene) => {
  const { rows, attacker, random, questions } = scene;
  const others = [...new Set(rows.map(({ contributor }) => contributor))].filter((account) => account !== attacker);
  const ring = [attacker, ...random.sample(others.sort(), 2)];
  const copies = ring.flatMap((account, i): AttackRow[] => {
    const victims = ownRows({ rows, attacker: ring[(i + 1) % ring.length]! });
    return victims.map((row) => ({ ...padded(row, random, rows), id: `${row.id}-ring`, contributor: account }));
  });
  const own = rows.filter(({ contributor }) => ring.includes(contributor)).map(questionOf);
  return { rows: [...rows, ...copies], accounts: ring, asked: random.sample(own, Math.ceil(questions.length / 2)) };
};
