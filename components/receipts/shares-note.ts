import type { AnswerShares } from '#lib/kernel/read-shares.ts';
import { percent } from './share-bars.tsx';

const reasons = {
  pending: 'its attribution is still being audited',
  refused: 'its attribution did not pass the audit',
  suspended: 'its attribution fell under its bound in the last audit',
  certified: '',
} as const;

/** In a sentence or two: how this answer's data part is shared, and why so. */
export function sharesNote({ by, certificate, commonPpm }: AnswerShares): string {
  if (by === 'equal-rows')
    return 'No confident source: no row stood out of the noise. By rule every row of the version counts the same.';
  if (by === 'no-source')
    return 'No confident source: no row stood out of the noise, so nobody is paid by name. All of it goes to the common pool.';
  if (by === 'flat') {
    const why = reasons[certificate?.status ?? 'pending'];
    const read = commonPpm < 1_000_000 ? ', except rows that it read,' : '';
    return `This model pays flat, because ${why}: nobody is paid by estimated influence${read} and the rest goes to the common pool.`;
  }
  if (commonPpm === 0) return 'Estimated influence of each contributor’s rows on the words of this answer.';
  return `By estimated influence of rows on the words of this answer. Only what is explained with confidence is paid by name; ${percent(commonPpm)} is not, and goes to the common pool.`;
}

/** What becomes of the common pool; null where a receipt leaves nothing to it. */
export function poolNote({ by, commonPpm }: AnswerShares): string | null {
  if (commonPpm === 0) return null;
  if (by === 'flat')
    return 'The common pool is shared when the reward period closes: equally over all original rows of the Datanet version, each row’s part over the people who made it.';
  return 'The common pool is shared when the reward period closes, by what each row did on average for questions that the model was never trained on. That was measured with the model’s certificate, so no question asked later moves it; where it could not be measured, all original rows count the same.';
}
