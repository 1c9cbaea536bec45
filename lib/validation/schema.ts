import { z } from 'zod';

const id = z.string().max(40);
const hash = z.string().regex(/^0x[0-9a-f]{64}$/, '0x and 64 hexadecimal digits');
const reason = z.string().trim().min(3, 'say why in a few words').max(500, 'at most 500 characters');

/** Rows of one round; gold rows come on top. */
const roundRowsMax = 50;

export const openRoundSchema = z
  .object({
    datanetId: z.string().max(80),
    exampleIds: z.array(id).min(1, 'choose at least one row').max(roundRowsMax, `at most ${roundRowsMax} rows`),
    /** Validators drawn, and equal verdicts that decide about a row. */
    seats: z.number().int().min(1).max(15).default(3),
    quorum: z.number().int().min(1).max(15).default(2),
    /** Time to commit; the time to reveal is the same again. */
    hours: z.number().int().min(1).max(168).default(24),
  })
  .refine(({ seats, quorum }) => quorum <= seats && 2 * quorum > seats, {
    path: ['quorum'],
    error: 'more than half of the seats, and not more than there are',
  });
export type OpenRoundInput = z.infer<typeof openRoundSchema>;

export const commitVerdictsSchema = z.object({ roundId: id, commitment: hash });
export type CommitVerdictsInput = z.infer<typeof commitVerdictsSchema>;

export const revealVerdictsSchema = z.object({
  roundId: id,
  verdicts: z.string().regex(/^[ar]{1,100}$/, 'one letter a place: a accepts, r rejects'),
  salt: hash,
});
export type RevealVerdictsInput = z.infer<typeof revealVerdictsSchema>;

export const addGoldRowSchema = z.object({
  datanetId: z.string().max(80),
  data: z.record(z.string().max(64), z.string().max(8000)),
  verdict: z.enum(['accept', 'reject']),
  why: reason,
});
export type AddGoldRowInput = z.infer<typeof addGoldRowSchema>;

export const appealSchema = z.object({ exampleId: id, reason });
export type AppealInput = z.infer<typeof appealSchema>;

export const vetoSchema = z.object({ exampleId: id, reason });
export type VetoInput = z.infer<typeof vetoSchema>;
