import { z } from 'zod';

const text = (pattern: RegExp, means: string) => z.string().regex(pattern).describe(means);

/** Fields that signed documents have in common. Integers that may exceed 2^53 are decimal text, so canonical JSON has no float. */
export const receiptFields = {
  text,
  address: z.templateLiteral(['0x', z.string().regex(/^[0-9a-f]{40}$/)]).describe('Ethereum address, lower-case'),
  hash: text(/^0x[0-9a-f]{64}$/, '256-bit hash'),
  amount: text(/^(0|[1-9]\d*)$/, 'integer ≥ 0 as decimal text'),
  taskId: text(
    /^task_[0-9a-f]{32}$/,
    'id of a task, 128 random bits: who knows it while the task is open may call for it',
  ),
};
