import { z } from 'zod';

const oneReason = z.string().trim().min(3, 'say why in a few words').max(300, 'at most 300 characters');

export const postCommentSchema = z.object({
  datanetId: z.string().max(80),
  /** A row of the Datanet; left out, the comment is about the Datanet. */
  exampleId: z.string().max(40).optional(),
  replyTo: z.string().max(40).optional(),
  text: z
    .string()
    .trim()
    .min(1, 'write something')
    .max(4000, 'at most 4000 characters')
    .regex(/^[^\p{Cc}\p{Cf}]*(?:[\n\t][^\p{Cc}\p{Cf}]*)*$/u, 'no control or invisible characters'),
  /** Made by the browser with the form: sending again stores nothing twice. */
  idempotencyKey: z.string().min(8).max(100),
});
export type PostCommentInput = z.infer<typeof postCommentSchema>;

export const moderateCommentSchema = z.object({ commentId: z.string().max(40), hides: z.boolean(), reason: oneReason });
export type ModerateCommentInput = z.infer<typeof moderateCommentSchema>;

export const reportCommentSchema = z.object({ commentId: z.string().max(40), reason: oneReason });
export type ReportCommentInput = z.infer<typeof reportCommentSchema>;

export const takeBackCommentSchema = z.object({ commentId: z.string().max(40) });
export type TakeBackCommentInput = z.infer<typeof takeBackCommentSchema>;
