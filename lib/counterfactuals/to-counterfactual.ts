import type { counterfactuals } from '#db/schema/answers.ts';
import type { Counterfactual, CounterfactualResult } from './types.ts';

/** A stored line as readers see it. */
export function toCounterfactual(row: typeof counterfactuals.$inferSelect): Counterfactual {
  const { id, status, result, errorMessage } = row;
  return { id, status, result: result as CounterfactualResult | null, error: errorMessage };
}
