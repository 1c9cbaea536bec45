import { z } from 'zod';
import { receiptFields } from '../receipt-fields.ts';

const { address, hash, amount, taskId } = receiptFields;

/** Levels from the first app to a model, both counted out; a task that asks deeper is refused. */
export const taskDepthMax = 8;
/** Calls that one task may make. */
export const taskCallsMax = 100;

/**
 * The opening of a task: what an app or agent promises to do for whom and for how much, signed by its account before it calls
 * anybody. Calls within it name its hash, so nothing of it can be changed afterwards. A task of an agent that an app calls names
 * the app's task by its hash: that must have been there before, so there is no circle.
 */
export const taskSchema = z.strictObject({
  kind: z.literal('task'),
  version: z.literal(1),
  id: taskId,
  app: address.describe('Account of the app or agent: it signs (EIP-191), and is paid'),
  name: z.string().trim().min(1).max(60).describe('What the app calls itself; nobody checks it'),
  gateway: address.describe('At which OpenLedger the receipts will be: nowhere else is this opening good'),
  openedAt: z.iso.datetime(),
  parent: z
    .strictObject({ id: taskId, hash })
    .nullable()
    .describe('The task for which this one works; null: the first'),
  depth: z.number().int().min(1).max(taskDepthMax).describe('1 for the first, else one more than its parent'),
  asker: address.nullable().describe('Who pays the price; of a task with a parent its app. null: it costs nothing'),
  requestHash: hash.describe('SHA-256(salt || UTF-8 of what was asked)'),
  priceWei: amount.describe('All that the asker pays when the work is done; the app pays its calls itself'),
});
export type TaskBody = z.infer<typeof taskSchema>;

const call = z.strictObject({
  kind: z.enum(['answer', 'task']),
  id: z.string().describe('Of the receipt of an answer, or of a task'),
  hash: hash.describe("Of that receipt's canonical JSON"),
  feeWei: amount.describe('What it cost this app'),
});

/**
 * The receipt of a task: every call that was made within it, and what its asker paid. Signed by the app and, once it has compared
 * the calls with its books, by the gateway.
 */
export const taskReceiptSchema = z.strictObject({
  kind: z.literal('task-receipt'),
  version: z.literal(1),
  taskId,
  taskHash: hash,
  app: address,
  gateway: address,
  payer: address.nullable().describe('null: nothing was charged'),
  channelId: hash.nullable(),
  closedAt: z.iso.datetime(),
  outcome: z.enum(['done', 'failed']).describe('failed: nothing is charged'),
  outputHash: hash.nullable().describe('SHA-256(salt || UTF-8 of what was delivered)'),
  calls: z.array(call).max(taskCallsMax).describe('By kind, then id'),
  costWei: amount.describe("Sum of the calls' fees"),
  feeWei: amount.describe('What the asker was charged: the price, or 0'),
});
export type TaskReceiptBody = z.infer<typeof taskReceiptSchema>;
export type TaskCall = TaskReceiptBody['calls'][number];

/** As the API gives a task: the opening, and once it is closed its receipt. Signatures are EIP-191 over the hash. */
export type TaskFile = {
  task: TaskBody;
  hash: `0x${string}`;
  signature: `0x${string}`;
  receipt: {
    body: TaskReceiptBody;
    hash: `0x${string}`;
    appSignature: `0x${string}`;
    gatewaySignature: `0x${string}`;
  } | null;
};
