/**
 * Accounts of the double-entry ledger (signed wei: + debit, - credit). Assets stand for tokens that a contract holds, the
 * others for whom they belong to, so the assets equal what the chain says and the rest says whose it is.
 *
 * Assets, moved by chain events only (lib/platform/indexer/ledger-postings.ts):
 * - `chain:channels`: in InferenceChannels, for channels towards our router
 * - `chain:router`: in RevenueRouter, between settle and flush
 * - `chain:ledger`: in AttributionLedger
 * - `treasury`: sent to the treasury so far
 *
 * Whose:
 * - `channel:<id>`: what a payer may still spend or withdraw
 * - `revenue:unsettled`: charged for answers, not yet in a reward period
 * - `revenue:protocol-fee`: the protocol's part of settled periods
 * - `payable:<address>`: earned, not yet claimed
 * - `bonds`: of publishers and challengers; `revenue:slashed`: what the treasury got of them
 * - `prepaid`: charged for answers that a transfer of their own paid; the transfers themselves are in `donations`
 * - `donations`: sent to the router or the ledger by others than our channels
 * - `wallet:outside`: counterpart of tokens that enter from or leave to wallets otherwise
 */
export type LedgerAccount =
  | 'chain:channels'
  | 'chain:router'
  | 'chain:ledger'
  | 'treasury'
  | `channel:0x${string}`
  | 'revenue:unsettled'
  | 'revenue:protocol-fee'
  | 'revenue:slashed'
  | 'prepaid'
  | `payable:0x${string}`
  | 'bonds'
  | 'donations'
  | 'wallet:outside';
