import type { ViewerRow } from './types.ts';

/** An answer of the viewer stays below this, whatever the rows hold. */
const answerBytes = 200_000;
const leastChars = 20;

type Cells = ViewerRow['row'];

/**
 * Shortens the longest cells of a page until it fits into 200 kB, and names them. The same length is the limit for all cells, so
 * that short ones stay whole. Rows themselves are never left out.
 */
export function truncateCells(rows: readonly { row_idx: number; row: Cells }[]): ViewerRow[] {
  let limit = Number.POSITIVE_INFINITY;
  let cut = rows.map((row) => cutRow(row, limit));
  while (sizeOf(cut) > answerBytes && limit > leastChars) {
    limit = limit === Number.POSITIVE_INFINITY ? longestCell(rows) : limit;
    limit = Math.max(leastChars, Math.floor(limit * 0.7));
    cut = rows.map((row) => cutRow(row, limit));
  }
  return cut;
}

function cutRow({ row_idx, row }: { row_idx: number; row: Cells }, limit: number): ViewerRow {
  const truncated_cells = Object.keys(row).filter((name) => (row[name]?.length ?? 0) > limit);
  const cells = truncated_cells.length === 0 ? row : { ...row };
  for (const name of truncated_cells) cells[name] = row[name]!.slice(0, limit);
  return { row_idx, row: cells, truncated_cells };
}

const longestCell = (rows: readonly { row: Cells }[]): number =>
  rows.reduce((most, { row }) => Object.values(row).reduce((n, cell) => Math.max(n, cell?.length ?? 0), most), 0);

const sizeOf = (rows: readonly ViewerRow[]): number => Buffer.byteLength(JSON.stringify(rows));
