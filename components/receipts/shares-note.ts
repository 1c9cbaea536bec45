import type { AnswerShares } from '#lib/kernel/read-shares.ts';
import { percent } from './percent.ts';

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
    return commonPpm < 1_000_000
      ? 'No confident source among the rows trained on: no row stood out of the noise. Rows that it read are paid; the rest goes to the common pool.'
      : 'No confident source: no row stood out of the noise, so nobody is paid by name. All of it goes to the common pool.';
  if (by === 'flat') {
    const why = reasons[certificate?.status ?? 'pending'];
    const rest = commonPpm < 1_000_000 ? 'Rows that it read are paid; the rest' : 'All of it';
    return `This model pays flat, because ${why}: nobody is paid by estimated influence. ${rest} goes to the common pool.`;
  }
  if (commonPpm === 0) return 'Estimated influence of each contributor’s rows on the words of this answer.';
  return `By estimated influence of rows on the words of this answer. What is explained with confidence is paid by name; the other ${percent(commonPpm)}, paler below, goes to the common pool.`;
}

/** What becomes of the common pool; null where a receipt leaves nothing to it. */
export function poolNote({ by, commonPpm }: AnswerShares): string | null {
  if (commonPpm === 0) return null;
  if (by === 'influence')
    return 'When the reward period closes, the common pool is shared by the average influence over all its answers, in which each answer counts with what it put in. So its part goes to the same people in the same proportion, and no question can draw what another one paid.';
  return 'When the reward period closes, what answers without a certified source put into the common pool is shared equally over all original rows of the Datanet version, each row’s part over the people who made it.';
}
