import { sql } from 'drizzle-orm';
import { bigint, bigserial, index, integer, jsonb, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { address, at, hash, wei } from '../columns.ts';
import { models } from './models.ts';

/**
 * The gateway's side of a payment channel. Deposits and claims are chain_events; this row owns only what the chain does
 * not know yet: what was charged, what is held for running answers, and the payer's newest voucher.
 * Invariant: chargedWei + reservedWei <= voucherWei <= deposits, checked in the statement that reserves.
 */
export const channels = pgTable(
  'channels',
  {
    id: hash('id').primaryKey(),
    payer: address('payer').notNull(),
    signer: address('signer').notNull(),
    chargedWei: wei('charged_wei').notNull(),
    reservedWei: wei('reserved_wei').notNull(),
    voucherWei: wei('voucher_wei').notNull(), // maxClaimableAmount of the newest voucher
    voucherSignature: text('voucher_signature'),
    updatedAt: at('updated_at').notNull(),
  },
  (t) => [index('channels_payer').on(t.payer)],
);

/**
 * A payment window (contract: Epoch). Its status says which step is done; each step may run twice.
 * closed: receipts fixed · claimed: vouchers claimed, router flushed, so the ledger is funded · submitted: root on chain.
 * Pending, active, revoked are facts of chain_events by `root`.
 */
export type RewardPeriodStatus = 'closed' | 'claimed' | 'submitted';
export const rewardPeriods = pgTable('reward_periods', {
  id: text('id').primaryKey(),
  number: integer('number').notNull().unique(),
  status: text('status').$type<RewardPeriodStatus>().notNull(),
  receiptCount: integer('receipt_count').notNull(),
  grossWei: wei('gross_wei').notNull(), // sum of fees
  protocolFeeWei: wei('protocol_fee_wei').notNull(),
  netWei: wei('net_wei').notNull(), // gross - protocol fee, what the leaves share
  totalWei: wei('total_wei').notNull(), // cumulative over all periods, the contract's `total`
  root: hash('root').notNull(),
  receiptsRoot: hash('receipts_root').notNull(),
  dataKey: text('data_key').notNull(),
  closedAt: at('closed_at').notNull(),
  submittedAt: at('submitted_at'),
});

export type EarningRole = 'data' | 'common' | 'model' | 'royalty' | 'app' | 'infra' | 'validators' | 'stakers';
/** Who earned what, for which receipt or from a model's common pool of the period, in which role. Sums to netWei over a period. */
export const rewardLines = pgTable(
  'reward_lines',
  {
    id: bigserial('id', { mode: 'bigint' }).primaryKey(),
    periodId: text('period_id')
      .notNull()
      .references(() => rewardPeriods.id),
    modelId: text('model_id').references(() => models.id), // null: for a training
    receiptId: text('receipt_id'), // null: role common, from what the model's receipts left to the pool
    account: address('account').notNull(),
    role: text('role').$type<EarningRole>().notNull(),
    amountWei: wei('amount_wei').notNull(),
  },
  (t) => [
    uniqueIndex('reward_lines_once').on(t.receiptId, t.account, t.role),
    uniqueIndex('reward_lines_pool_once').on(t.periodId, t.modelId, t.account).where(sql`${t.receiptId} is null`),
    index('reward_lines_model').on(t.modelId, t.role),
    index('reward_lines_account').on(t.account, t.periodId),
    index('reward_lines_period').on(t.periodId),
  ],
);

/**
 * What a model's answers without a source left to all original rows of its version in a period, each row the same. The people
 * are in the lines; this says what one row earned: amountWei / rowCount.
 */
export const rewardRowPools = pgTable(
  'reward_row_pools',
  {
    periodId: text('period_id')
      .notNull()
      .references(() => rewardPeriods.id),
    modelId: text('model_id')
      .notNull()
      .references(() => models.id),
    rowCount: integer('row_count').notNull(),
    amountWei: wei('amount_wei').notNull(),
  },
  (t) => [primaryKey({ columns: [t.periodId, t.modelId] }), index('reward_row_pools_model').on(t.modelId)],
);

/** Leaf of a period's earnings tree: cumulative entitlement of an account. Every account ever paid has one each period. */
export const rewardLeaves = pgTable(
  'reward_leaves',
  {
    periodId: text('period_id')
      .notNull()
      .references(() => rewardPeriods.id),
    account: address('account').notNull(),
    cumulativeWei: wei('cumulative_wei').notNull(),
  },
  (t) => [primaryKey({ columns: [t.periodId, t.account] }), index('reward_leaves_account').on(t.account)],
);

/** Double-entry ledger. A transaction's entries sum to zero; `key` makes each posting happen once. */
export const ledgerTransactions = pgTable(
  'ledger_transactions',
  {
    id: text('id').primaryKey(),
    key: text('key').notNull().unique(), // e.g. charge:inf_..., deposit:<txHash>:<logIndex>
    kind: text('kind').notNull(),
    blockNumber: bigint('block_number', { mode: 'number' }), // set for postings that mirror the chain; a reorg deletes them
    at: at('at').notNull(),
  },
  (t) => [index('ledger_transactions_block').on(t.blockNumber)],
);
export const ledgerEntries = pgTable(
  'ledger_entries',
  {
    transactionId: text('transaction_id')
      .notNull()
      .references(() => ledgerTransactions.id, { onDelete: 'cascade' }),
    account: text('account').notNull(), // see lib/rewards/ledger-accounts.ts
    amountWei: wei('amount_wei').notNull(), // signed: + debit, - credit
  },
  (t) => [primaryKey({ columns: [t.transactionId, t.account] }), index('ledger_entries_account').on(t.account)],
);

/** Blocks that the indexer has processed; parent hashes detect reorgs and gaps. */
export const chainBlocks = pgTable('chain_blocks', {
  number: bigint('number', { mode: 'number' }).primaryKey(),
  hash: hash('hash').notNull(),
  parentHash: hash('parent_hash').notNull(),
  timestamp: bigint('timestamp', { mode: 'number' }).notNull(), // seconds
});

/**
 * Every event of our contracts, insert-only; a reorg deletes rows above the fork and all state derived by query follows.
 * `args` holds decoded arguments, bigints as decimal strings, addresses and hashes lower-case. `subject` is the argument by
 * which the event is looked up (see lib/platform/indexer/subjects.ts).
 */
export const chainEvents = pgTable(
  'chain_events',
  {
    blockNumber: bigint('block_number', { mode: 'number' }).notNull(),
    logIndex: integer('log_index').notNull(),
    blockHash: hash('block_hash').notNull(),
    txHash: hash('tx_hash').notNull(),
    contract: text('contract').notNull(), // name in the deployment, e.g. attributionLedger
    name: text('name').notNull(),
    subject: text('subject').notNull(),
    args: jsonb('args').$type<Record<string, string | number | boolean>>().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.blockNumber, t.logIndex] }),
    index('chain_events_subject').on(t.name, t.subject),
    index('chain_events_name').on(t.contract, t.name, t.blockNumber),
    index('chain_events_tx').on(t.txHash),
    index('chain_events_payer').on(sql`(args ->> 'payer')`).where(sql`name = 'Opened'`),
  ],
);

export type ChainTransactionStatus = 'signed' | 'sent' | 'included' | 'reverted';
/** Transactions of the operator's key: one nonce lane, bytes and hash stored before broadcast, so none is sent twice. */
export const chainTransactions = pgTable(
  'chain_transactions',
  {
    id: text('id').primaryKey(),
    key: text('key').notNull().unique(), // what it is for, e.g. submit:rp_...
    sender: address('sender').notNull(),
    nonce: integer('nonce').notNull(),
    raw: text('raw').notNull(),
    hash: hash('hash').notNull(),
    status: text('status').$type<ChainTransactionStatus>().notNull(),
    blockNumber: bigint('block_number', { mode: 'number' }),
    error: text('error'),
    createdAt: at('created_at').notNull(),
    updatedAt: at('updated_at').notNull(),
  },
  (t) => [uniqueIndex('chain_transactions_nonce').on(t.sender, t.nonce)],
);

/** Liveness of the long-running processes, for GET /api/health. */
export const heartbeats = pgTable('heartbeats', {
  process: text('process').primaryKey(), // 'jobs' | 'serve' | 'index'
  pid: integer('pid').notNull(),
  startedAt: at('started_at').notNull(),
  seenAt: at('seen_at').notNull(),
  facts: jsonb('facts').$type<Record<string, string | number>>().notNull(),
});
