import { z } from 'zod';
import { taskReceiptSchema, taskSchema } from '#lib/kernel/task/task-schema.ts';

const signature = z.templateLiteral(['0x', z.string().regex(/^[0-9a-f]{130}$/)], {
  error: 'must be an EIP-191 signature, 0x and 130 lower-case hex digits',
});

/** `POST /api/v1/tasks`. */
export const openTaskSchema = z.strictObject({ task: taskSchema, signature });
export type OpenTaskInput = z.infer<typeof openTaskSchema>;

/** `POST /api/v1/tasks/{id}/acceptance`: `max_wei` is what the asker agrees to, so that no price is taken unseen. */
export const acceptTaskSchema = z.object({
  id: z.string(),
  max_wei: z.string().regex(/^\d{1,40}$/, 'an amount in wei'),
});

/** `POST /api/v1/tasks/{id}/receipt`. */
export const closeTaskSchema = z.object({ id: z.string(), receipt: taskReceiptSchema, signature });
export type CloseTaskInput = z.infer<typeof closeTaskSchema>;
