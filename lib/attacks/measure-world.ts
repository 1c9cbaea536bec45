import type { AttackEngine, SandboxModel } from './attack-engine.ts';
import type { AttackRules, SandboxCopy } from './attack-rules.ts';
import { type Payout, payAnswers } from './pay-answers.ts';
import type { AttackRow } from './types.ts';

/** A set of rows that went through the whole pipeline: chosen, trained on, indexed, asked, scored, paid. */
export type MeasuredWorld = {
  model: SandboxModel;
  root: string;
  trained: string[];
  copies: SandboxCopy[];
  payout: Payout;
};

/** Takes the rows through the pipeline and pays them for the model's own answers to the questions. */
export async function measureWorld(
  engine: AttackEngine,
  rules: AttackRules,
  rows: readonly AttackRow[],
  questions: readonly string[],
): Promise<MeasuredWorld> {
  const { copies, ...set } = await rules.choose(rows);
  const model = await engine.fit(set);
  const answers = await model.ask(questions.map((content) => [{ role: 'user', content }]));
  const trained = set.train.map(({ id }) => id);
  return { model, root: set.datasetRoot, trained, copies, payout: payAnswers(answers, trained, rules) };
}
