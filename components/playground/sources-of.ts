import type { SourceRow } from '#components/receipts/source-rows.tsx';
import { readShares } from '#lib/kernel/read-shares.ts';
import type { ReceiptJson } from './use-receipt.ts';

export type Issued = Extract<ReceiptJson, { state: 'issued' }>;

/** Rows of a receipt for one panel: with estimated influence, strongest first, and those that match text, by id. */
export type AnswerSources = { influential: SourceRow[]; matching: ReadonlyMap<string, SourceRow> };

/** The rows that a receipt names, with what everybody may read of them. */
export function sourcesOf(issued: Issued): AnswerSources {
  const rowOf = ({ exampleId, contributor }: { exampleId: string; contributor: string }) => ({
    ...{ exampleId, contributor },
    data: issued.rows[exampleId]?.data ?? null,
    datanetSlug: issued.rows[exampleId]?.datanetSlug ?? null,
  });
  return {
    influential: readShares(issued.body).rows.map((row) => ({
      ...{ ...rowOf(row), credit: row, matches: 0, copies: issued.copies[row.exampleId] },
    })),
    matching: new Map(
      issued.matches.map((row) => [row.exampleId, { ...rowOf(row), credit: null, matches: row.spans }]),
    ),
  };
}
