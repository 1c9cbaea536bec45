import type { SandboxModel } from '../attack-engine.ts';
import type { SeededRandom } from '../seeded-random.ts';
import type { AttackedWorld, AttackRow } from '../types.ts';

/** What an attacker knows and can do. */
export type AttackScene = {
  /** All rows, oldest first; a Datanet is public. */
  rows: AttackRow[];
  /** The contributor that turns on the others. */
  attacker: string;
  /** What customers ask. */
  questions: string[];
  random: SeededRandom;
  /** What each row of the honest world was paid, as its public receipts say. */
  paidRows: ReadonlyMap<string, number>;
  /** The honest world's model, which anybody may ask. */
  model: SandboxModel;
  /** Trains a model of one's own, on rows of one's choice. */
  trainShadow(rows: AttackRow[]): Promise<SandboxModel>;
  /** By this hash rows are chosen to be held out, if by any that a contributor can know. */
  hashOf(row: AttackRow): string;
};

/** An attack: a pure function of the scene, whose randomness is seeded. */
export type AttackPlan = (scene: AttackScene) => AttackedWorld | Promise<AttackedWorld>;

/** The attacker's own rows. */
export function ownRows({ rows, attacker }: Pick<AttackScene, 'rows' | 'attacker'>): AttackRow[] {
  return rows.filter(({ contributor }) => contributor === attacker);
}

/** The world with rows added at its end, that is later than all others. */
export function withRows(
  { rows, attacker }: Pick<AttackScene, 'rows' | 'attacker'>,
  added: AttackRow[],
): AttackedWorld {
  return { rows: [...rows, ...added], accounts: [attacker], asked: [] };
}

/** The world in which the attacker wrote other rows from the start, in the same places. */
export function withOwnRows(
  scene: Pick<AttackScene, 'rows' | 'attacker'>,
  change: (row: AttackRow) => AttackRow[],
): AttackedWorld {
  const { rows, attacker } = scene;
  const changed = rows.flatMap((row) => (row.contributor === attacker ? change(row) : [row]));
  return { rows: changed, accounts: [attacker], asked: [] };
}

/** Words of a text as it is written. */
export function wordsOf(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}
