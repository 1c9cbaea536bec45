import { sql } from 'drizzle-orm';
import { assertAccount } from '#lib/platform/assert-account.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';
import type { ChargeKind, UsedCharge } from '../types.ts';
import { ownOtherCharges } from './own-charges.ts';

type Row = {
  kind: Exclude<ChargeKind, 'answer'>;
  id: string;
  at: string | Date;
  ref: string;
  name: string;
  key: string | null;
  outcome: string | null;
  fee_wei: string;
  receipt_id: string | null;
};

/** What an account was charged beside answers since `from`, newest first, at most `limit` lines after `skip`. */
export async function listUsedCharges(
  deps: Pick<Deps, 'db'>,
  actor: Actor,
  { from, limit, skip = 0 }: { from: Date; limit: number; skip?: number },
): Promise<UsedCharge[]> {
  const { address } = assertAccount(actor);
  const { rows } = await deps.db.execute<Row>(sql`
    select * from (${ownOtherCharges(address, from)}) c order by c.at desc, c.id limit ${limit} offset ${skip}`);
  return rows.map(({ at, fee_wei, receipt_id, ...row }) => ({
    ...row,
    ...{ at: new Date(at), feeWei: BigInt(fee_wei), receiptId: receipt_id },
  }));
}
