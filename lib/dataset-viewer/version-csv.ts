import type { DatabaseOrTransaction } from '#db/client.ts';
import { csvCell } from '#lib/kernel/csv-cell.ts';
import type { ViewerVersion } from './find-viewer-version.ts';
import { readVersionCells } from './read-version-cells.ts';

/** A version as CSV in UTF-8 with a header, in pieces. Text that a spreadsheet would run as a formula is made harmless. */
export async function* versionCsv(
  db: DatabaseOrTransaction,
  { versionId, columns, rowCount }: Pick<ViewerVersion, 'versionId' | 'columns' | 'rowCount'>,
): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  const line = (cells: readonly (string | null)[]) => `${cells.map((cell) => csvCell(cell ?? '')).join(',')}\r\n`;
  yield encoder.encode(line(columns.map(({ name }) => name)));
  for await (const rows of readVersionCells(db, { versionId, columns, from: 0, to: rowCount })) {
    yield encoder.encode(rows.map(line).join(''));
  }
}
