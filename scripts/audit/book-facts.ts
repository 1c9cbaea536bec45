import { createHash } from 'node:crypto';
import type pg from 'pg';
import { canonicalJson, type Json } from '../../lib/kernel/canonical-json.ts';

/** `chargedFor`: id of the answer, of the training's bill, of the access pass or of the app's task. */
export type ReceiptFacts = { id: string; chargedFor: string; feeWei: bigint; isBooked: boolean; isIntact: boolean };
/** What our own tables say: the ledger, the receipts, the leaves. Read in one snapshot. */
export type BookFacts = {
  /** Newest block whose events are in the ledger; the chain is read at this block. */
  height: number;
  blockHash: string;
  balances: Map<string, bigint>;
  /** Transactions whose entries do not sum to zero. Must be empty. */
  unbalanced: string[];
  /** Charges by answer or training's bill, and by channel. */
  charges: Map<string, bigint>;
  chargedBy: Map<string, bigint>;
  receipts: ReceiptFacts[];
  /** Cumulative entitlements of the newest booked period. */
  leaves: Map<string, bigint>;
};

type Rows = <R extends object>(sql: string) => Promise<R[]>;

/** Reads the books in one repeatable-read transaction, by plain SQL: no code is shared with the system that wrote them. */
export async function readBookFacts(pool: pg.Pool): Promise<BookFacts> {
  const client = await pool.connect();
  const rows: Rows = async <R extends object>(sql: string) => (await client.query<R>(sql)).rows;
  try {
    await client.query('begin transaction isolation level repeatable read read only');
    const [tip] = await rows<{ number: string; hash: string }>(
      'select number, hash from chain_blocks order by number desc limit 1',
    );
    if (!tip) throw new Error('the indexer has not indexed a block yet');
    const balances = await rows<{ account: string; wei: string }>(
      'select account, sum(amount_wei) as wei from ledger_entries group by account',
    );
    const unbalanced = await rows<{ key: string }>(
      `select t.key from ledger_transactions t join ledger_entries e on e.transaction_id = t.id
       group by t.id having sum(e.amount_wei) <> 0 order by t.at, t.key`,
    );
    const leaves = await rows<{ account: string; wei: string }>(
      `select account, cumulative_wei as wei from reward_leaves where period_id =
       (select id from reward_periods where status in ('claimed', 'submitted') order by number desc limit 1)`,
    );
    const facts = { ...(await readCharges(rows)), receipts: await readReceipts(rows) };
    await client.query('commit');
    return {
      ...facts,
      height: Number(tip.number),
      blockHash: tip.hash,
      balances: new Map(balances.map((row) => [row.account, BigInt(row.wei)])),
      unbalanced: unbalanced.map((row) => row.key),
      leaves: new Map(leaves.map((row) => [row.account, BigInt(row.wei)])),
    };
  } finally {
    client.release();
  }
}

async function readCharges(rows: Rows): Promise<Pick<BookFacts, 'charges' | 'chargedBy'>> {
  const found = await rows<{ key: string; account: string; wei: string }>(
    `select t.key, e.account, e.amount_wei as wei from ledger_transactions t join ledger_entries e on e.transaction_id = t.id
     where t.kind = 'charge' and (e.account like 'channel:%' or e.account = 'prepaid')`,
  );
  const chargedBy = new Map<string, bigint>();
  for (const { account, wei } of found) {
    if (account === 'prepaid') continue;
    const id = account.slice('channel:'.length);
    chargedBy.set(id, (chargedBy.get(id) ?? 0n) + BigInt(wei));
  }
  return { charges: new Map(found.map((row) => [row.key.slice('charge:'.length), BigInt(row.wei)])), chargedBy };
}

async function readReceipts(rows: Rows): Promise<ReceiptFacts[]> {
  const found = await rows<{
    id: string;
    charged_for: string;
    fee_wei: string;
    hash: string;
    body: Json;
    booked: boolean;
  }>(
    `select r.id, coalesce(r.inference_id, b.id, s.id, k.id) as charged_for, r.fee_wei, r.hash, r.body, coalesce(p.status in ('claimed', 'submitted'), false) as booked
     from receipts r left join reward_periods p on p.id = r.reward_period_id
     left join training_bills b on b.receipt_id = r.id
     left join model_passes s on s.receipt_id = r.id
     left join tasks k on k.receipt_id = r.id order by r.id`,
  );
  return found.map((row) => ({
    ...{ id: row.id, chargedFor: row.charged_for, feeWei: BigInt(row.fee_wei), isBooked: row.booked },
    isIntact: isIntact(row.body, row.hash, row.fee_wei),
  }));
}

/** The stored body has the stored hash, and names the stored fee. */
function isIntact(body: Json, hash: string, feeWei: string): boolean {
  const digest = `0x${createHash('sha256').update(canonicalJson(body)).digest('hex')}`;
  return digest === hash && (body as { feeWei?: unknown }).feeWei === feeWei;
}
