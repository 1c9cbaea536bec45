import { PPM, splitByLargestRemainder } from './money.ts';

/** One of the certificate's questions: the rows above the cut of the model's own answer, and that cut. */
export type ProbedAnswer = { rows: readonly { exampleId: string; score: bigint }[]; cutScore: bigint };
export type StandingShare = { exampleId: string; ppm: number };

/** Fewer answers with a source say too little about a whole Datanet. */
export const standingAnswersMin = 8;
/** Units that one answer has to give to its rows: so many that rounding moves no ppm of the sum. */
const unitsAnAnswer = 10n ** 12n;

/**
 * What the rows of a Datanet version did for one adapter on average: by these the common pool of its certified answers is paid
 * (lib/rewards). The mean over `answers` of each row's part of the credit there; answers without a source have no say. Rows
 * with nothing are left out; the ppm sum to exactly 1,000,000, by row id, whatever the order of the input.
 *
 * The questions are the version's held-out rows, drawn by the words of all rows together and fixed with the certificate before
 * anybody pays for an answer. That is the point: no question that somebody asks later moves these weights, so asking about
 * one's own rows cannot draw on money that others' questions left to the pool. Linear in rows, so wallets do not matter.
 *
 * @returns null when fewer than 8 answers have a source: then the pool goes by equal share of rows
 */
export function standingShares(answers: readonly ProbedAnswer[]): StandingShare[] | null {
  const units = new Map<string, bigint>();
  let counted = 0;
  for (const { rows, cutScore } of answers) {
    const credited = rows.filter((row) => row.score > cutScore).sort((a, b) => (a.exampleId < b.exampleId ? -1 : 1));
    if (credited.length === 0) continue;
    counted += 1;
    const parts = splitByLargestRemainder(
      unitsAnAnswer,
      credited.map((row) => row.score - cutScore),
    );
    for (const [i, { exampleId }] of credited.entries()) units.set(exampleId, (units.get(exampleId) ?? 0n) + parts[i]!);
  }
  if (counted < standingAnswersMin) return null;
  const ordered = [...units].sort(([a], [b]) => (a < b ? -1 : 1));
  const ppm = splitByLargestRemainder(
    PPM,
    ordered.map(([, sum]) => sum),
  );
  return ordered.map(([exampleId], i) => ({ exampleId, ppm: Number(ppm[i]!) })).filter((share) => share.ppm > 0);
}
