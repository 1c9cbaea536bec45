import type { Mutant } from './mutant.ts';
import type { MutantLab } from './mutant-lab.ts';
import { suitesReaching } from './test-reach.ts';

/** `by` names the test that noticed first, or why the mutant is a fault of the list ("invalid"). */
export type Verdict = { name: string; outcome: 'killed' | 'survived' | 'invalid'; by: string };

const isInvariant = (suite: string) => suite.includes('.invariant.');

/**
 * Asks who notices the fault: first the suites that the mutant names, their invariants last because they are slow, then every other
 * suite that reaches its file. So a survivor passed everything there is. A suite that fails without the mutant proves nothing.
 */
export async function tryMutant(lab: MutantLab, mutant: Mutant): Promise<Verdict> {
  const { name, suites } = mutant;
  const others = suitesReaching(mutant.file).filter((suite) => !suites.includes(suite));
  const stages = [suites.filter((s) => !isInvariant(s)), suites.filter(isInvariant), others];
  try {
    for (const stage of stages.filter(({ length }) => length > 0)) {
      const [by] = await lab.failing(stage, mutant);
      if (!by) continue;
      const [broken] = await lab.failing(stage);
      if (broken) throw new Error(`${broken} fails without a mutant`);
      return { name, outcome: 'killed', by };
    }
    return { name, outcome: 'survived', by: '' };
  } catch (error) {
    return { name, outcome: 'invalid', by: error instanceof Error ? error.message : String(error) };
  }
}
