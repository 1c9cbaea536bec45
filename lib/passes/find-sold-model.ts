import { eq, sql } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { datanetVersions } from '#db/schema/datanets.ts';
import { models } from '#db/schema/models.ts';
import type { PassReceipt } from '#lib/kernel/pass-receipt.ts';
import type { PassFamily } from './get-pass-family.ts';

/** What a pass's receipt says of the model: the version that answers to its name now, whose data and split divide the price. */
export type SoldModel = Pick<PassReceipt, 'model' | 'datanet' | 'split'>;

export async function findSoldModel(db: DatabaseOrTransaction, { name, owner }: PassFamily): Promise<SoldModel> {
  const [row] = await db
    .select({ id: models.id, split: models.split, version: datanetVersions })
    .from(models)
    .innerJoin(datanetVersions, eq(datanetVersions.id, models.versionId))
    .where(eq(models.id, sql`resolve_model(${name})`));
  const { id, split, version } = row!;
  const { datanetId, number, root } = version;
  return {
    model: { id, name, owner },
    datanet: { id: datanetId, versionId: version.id, number, root: root as `0x${string}` },
    split,
  };
}
