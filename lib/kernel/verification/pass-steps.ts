import type { PassReceipt } from '../pass-receipt.ts';
import { differs, ok, skipped } from './evidence-step.ts';
import type { StepOutcome } from './step-outcome.ts';

const dayMs = 86_400_000;

/** What a pass's receipt says, recomputed from itself; and what is the gateway's word. */
export function passSteps(body: PassReceipt): StepOutcome[] {
  return [
    { id: 'terms', name: 'As long as it was sold for', ...termsOf(body) },
    { id: 'split', name: 'Revenue split sums to 10,000 bps', ...splitOf(body) },
    {
      ...{ id: 'price', name: 'Price that the owner asked' },
      ...skipped('offers are in the gateway’s records; who bought it named this price'),
    },
  ];
}

/** Longer than it was sold for where it begins at the end of one bought before; never shorter. */
function termsOf({ terms, issuedAt }: PassReceipt) {
  if ('answers' in terms) return ok(`${terms.answers} answers`);
  const days = (Date.parse(terms.until) - Date.parse(issuedAt)) / dayMs;
  return days < terms.days ? differs(`${days} days, and ${terms.days} were paid`) : ok(`${terms.days} days`);
}

function splitOf({ split }: PassReceipt) {
  const sum = Object.values(split).reduce((total, bps) => total + bps, 0);
  return sum === 10_000 ? ok(`${split.data} to the rows, ${split.model} to the model`) : differs(`${sum} bps`);
}
