import { canonicalJson, type Json } from '#lib/kernel/canonical-json.ts';
import type { LeafEntry, PeriodTerms, PeriodTotals, ReceiptEntry } from './period-schema.ts';

/** One line of a period's data file (read-period.ts says in which order they come), with its end. */
export function periodLine(value: PeriodTerms | LeafEntry | ReceiptEntry | PeriodTotals): string {
  return `${canonicalJson(value as Json)}\n`;
}

/** A whole file, for what is small enough to be held; settlement writes it line by line. */
export function writePeriod(
  terms: PeriodTerms,
  parts: { previousLeaves: readonly LeafEntry[]; receipts: readonly ReceiptEntry[]; totals: PeriodTotals },
): Uint8Array {
  const lines = [terms, ...parts.previousLeaves, ...parts.receipts, parts.totals].map(periodLine);
  return new TextEncoder().encode(lines.join(''));
}
