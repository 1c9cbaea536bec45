import { z } from 'zod';
import { passReceiptSchema } from './pass-receipt.ts';
import { trainingReceiptSchema } from './training-receipt.ts';

/**
 * Receipts of what is charged beside answers and apps' tasks, told apart by `kind`. Each is signed as an answer's is (EIP-191 over
 * `documentHash`) and is a leaf of the same tree, so one page, one address and one verifier serve them all.
 */
export const chargeReceiptSchema = z.discriminatedUnion('kind', [trainingReceiptSchema, passReceiptSchema]);
export type ChargeReceipt = z.infer<typeof chargeReceiptSchema>;

/** Whether a receipt with that id is one of them. */
export function isChargeReceiptId(id: string): boolean {
  return /^(rct|rps)_/.test(id);
}
