import { and, eq } from 'drizzle-orm';
import type { Address } from 'viem';
import { inferences, receipts } from '#db/schema/models.ts';
import { rewardPeriods } from '#db/schema/settlement.ts';
import { ReceiptNotFoundError } from '#lib/attribution/errors.ts';
import { getReceiptFiles } from '#lib/attribution/get-receipt-files.ts';
import { getVersionLineage } from '#lib/datanets/get-version-lineage.ts';
import type { ReceiptEvidence } from '#lib/kernel/verification/receipt-evidence.ts';
import { getVersionFile } from '#lib/mixes/get-version-file.ts';
import type { Deps } from '#lib/platform/deps.ts';
import { ObjectNotFoundError } from '#lib/platform/storage/object-store.ts';
import { listPassages } from '#lib/retrieval/queries.ts';
import { findChainEpoch } from '#lib/rewards/find-chain-epoch.ts';
import { getReceiptProof } from '#lib/rewards/get-receipt-proof.ts';
import { findTask } from '#lib/tasks/queries.ts';

type EvidenceDeps = Pick<Deps, 'db' | 'store' | 'chain' | 'deployment' | 'operator'>;

/**
 * Everything that the gateway holds about a receipt, as evidence for or against it. Nothing is taken from what the attribution
 * stored beside the receipt: files come by the hashes that were signed, people from the version's file, tokens from the log.
 * `engine` has what needs the model. Throws ReceiptNotFoundError.
 */
export async function collectEvidence(
  deps: EvidenceDeps,
  receiptId: string,
  engine: Pick<ReceiptEvidence, 'index' | 'recompute'>,
): Promise<ReceiptEvidence> {
  const { db } = deps;
  const [row] = await db
    .select({ receipt: receipts, inference: inferences })
    .from(receipts)
    .innerJoin(inferences, eq(inferences.id, receipts.inferenceId))
    .where(eq(receipts.id, receiptId));
  if (!row) throw new ReceiptNotFoundError();
  const { receipt, inference } = row;
  const files = await getReceiptFiles(db, receiptId);
  const load = (key: string) => deps.store.get(key).catch(missing);
  return {
    ...engine,
    receipt: receipt.body,
    hash: receipt.hash,
    signature: receipt.signature,
    gateway: deps.operator.address.toLowerCase() as Address,
    certificate: async () => (files.certificateKey ? load(files.certificateKey) : null),
    codes: () => load(files.codesKey),
    async owners() {
      const { read } = await getVersionFile(deps, files.version);
      const bytes = await read().catch(missing);
      return bytes && getVersionLineage(bytes);
    },
    answer: async () => ({
      salt: inference.salt as `0x${string}`,
      messages: inference.messages,
      output: inference.output ?? '',
      promptIds: inference.promptIds ?? [],
      completionIds: inference.completionIds ?? [],
      passages: await listPassages(db, inference.retrieved ?? [], 'whole'),
    }),
    tasks: (id) => findTask(db, id),
    settlement: async () => ((await isSubmitted(deps, receiptId)) ? getReceiptProof(db, receiptId) : null),
    epoch: ({ earningsRoot }) => findChainEpoch(deps, earningsRoot),
    period: async () => null, // what the period pays is for `npm run verify-epoch`; a challenge is about one receipt
  };
}

async function isSubmitted({ db }: Pick<Deps, 'db'>, receiptId: string): Promise<boolean> {
  const [row] = await db
    .select({ id: rewardPeriods.id })
    .from(receipts)
    .innerJoin(rewardPeriods, eq(rewardPeriods.id, receipts.rewardPeriodId))
    .where(and(eq(receipts.id, receiptId), eq(rewardPeriods.status, 'submitted')));
  return row !== undefined;
}

/** A file that is gone cannot be recomputed from: that step is skipped and says so. */
function missing(error: unknown): null {
  if (error instanceof ObjectNotFoundError) return null;
  throw error;
}
