import { eq } from 'drizzle-orm';
import { toHex } from 'viem';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { datanetSaltKeys } from '#db/schema/erasure.ts';
import type { Deps } from '#lib/platform/deps.ts';

type Hex = `0x${string}`;

/** The secret of a Datanet's row salts; null before its first salted version. For the server alone. */
export async function findSaltKey(db: DatabaseOrTransaction, datanetId: string): Promise<Hex | null> {
  const [row] = await db.select().from(datanetSaltKeys).where(eq(datanetSaltKeys.datanetId, datanetId));
  return (row?.secret as Hex | undefined) ?? null;
}

/** The same, made where there is none. Two at once keep the first. */
export async function findOrAddSaltKey(
  deps: Pick<Deps, 'now' | 'randomBytes'>,
  tx: DatabaseOrTransaction,
  datanetId: string,
): Promise<Hex> {
  const row = { datanetId, secret: toHex(deps.randomBytes(32)), createdAt: deps.now() };
  await tx.insert(datanetSaltKeys).values(row).onConflictDoNothing();
  return (await findSaltKey(tx, datanetId))!;
}
