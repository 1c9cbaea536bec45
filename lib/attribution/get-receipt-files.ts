import { eq } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { datanets, datanetVersions } from '#db/schema/datanets.ts';
import { adapters, inferences, models, receipts } from '#db/schema/models.ts';
import type { ReceiptBody } from '#lib/kernel/receipt.ts';
import { ReceiptNotFoundError } from './errors.ts';
import { indexFileName } from './get-index-file.ts';

/** Where the files are that a receipt is recomputed from: keys of the object store, and what the API's addresses need. */
export type ReceiptFiles = {
  codesKey: string;
  indexKey: string;
  /** Null: the receipt names none. */
  certificateKey: string | null;
  version: { id: string; objectKey: string };
  adapterId: string;
  adapterPrefix: string;
  modelSlug: string;
  datanetSlug: string;
  versionNumber: number;
};

/** Throws ReceiptNotFoundError. The keys follow from the signed hashes; whether the bytes fit them is for the verifier. */
export async function getReceiptFiles(db: DatabaseOrTransaction, receiptId: string): Promise<ReceiptFiles> {
  const [row] = await db
    .select({ body: receipts.body, model: models, adapter: adapters, version: datanetVersions, datanet: datanets.slug })
    .from(receipts)
    .innerJoin(inferences, eq(inferences.id, receipts.inferenceId))
    .innerJoin(models, eq(models.id, inferences.modelId))
    .innerJoin(adapters, eq(adapters.id, models.adapterId))
    .innerJoin(datanetVersions, eq(datanetVersions.id, models.versionId))
    .innerJoin(datanets, eq(datanets.id, datanetVersions.datanetId))
    .where(eq(receipts.id, receiptId));
  if (!row) throw new ReceiptNotFoundError();
  const { attribution, version } = row.body as unknown as ReceiptBody;
  const certificate = version === 1 ? null : attribution.certificate.sha256;
  return {
    codesKey: `sha256/${bare(attribution.queryCodesHash)}`,
    indexKey: `${row.adapter.objectPrefix}/${indexFileName}`,
    certificateKey: certificate && `sha256/${bare(certificate)}`,
    version: { id: row.version.id, objectKey: row.version.objectKey },
    adapterId: row.adapter.id,
    adapterPrefix: row.adapter.objectPrefix,
    modelSlug: row.model.slug,
    datanetSlug: row.datanet,
    versionNumber: row.version.number,
  };
}

const bare = (hash: string) => hash.replace(/^0x/, '');
