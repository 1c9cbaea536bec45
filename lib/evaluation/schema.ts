import { z } from 'zod';

const evaluationId = z.string().regex(/^ev_/).max(80);
const share = z.number().min(0).max(100).nullable();

const gatesSchema = z.object({
  minGainPercent: share,
  maxContaminatedPercent: share,
  minWinPercent: share,
  minF1Percent: share,
  maxCalibrationPercent: share,
});

export const setGatesSchema = z.object({ evaluationId, gates: gatesSchema });
export type SetGatesInput = z.infer<typeof setGatesSchema>;

export const evaluationIdSchema = z.object({ evaluationId });

/** `side`: which of the two answers as they stood on the screen. */
export const castVoteSchema = z.object({
  evaluationId,
  rowId: z.string().min(1).max(80),
  side: z.enum(['left', 'right', 'tie']),
});
export type CastVoteInput = z.infer<typeof castVoteSchema>;

const line = (most: number) => z.string().trim().max(most);
export const saveEvaluationSetSchema = z.object({
  name: line(60).min(3, 'a name has at least 3 characters'),
  questions: z
    .array(
      z.object({
        question: line(2_000).min(3, 'a question has at least 3 characters'),
        answer: line(2_000).nullable(),
      }),
    )
    .min(1, 'at least one question')
    .max(50, 'at most 50 questions'),
});
export type SaveEvaluationSetInput = z.infer<typeof saveEvaluationSetSchema>;

export const evaluateSetSchema = z.object({ runId: z.string().regex(/^run_/), setId: z.string().regex(/^evs_/) });
export type EvaluateSetInput = z.infer<typeof evaluateSetSchema>;
