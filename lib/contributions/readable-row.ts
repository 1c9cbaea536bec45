import { mayReadRow, type RowReader } from './find-row-reader.ts';
import type { ExampleRow } from './types.ts';

/**
 * A row as this reader may have it: whole for who may read it; its own text and the decision about it for its author; nothing that
 * anybody wrote for everyone else.
 */
export function readableRow<R extends ExampleRow>(row: R, reader: RowReader): R {
  const isAuthor = reader.address === row.contributor;
  const isReadable = mayReadRow(row, reader);
  if (isReadable && reader.access.mayRead) return row;
  const improves = row.improves && { ...row.improves, note: isAuthor ? row.improves.note : '', before: null };
  return isReadable ? { ...row, improves } : { ...row, data: null, reason: null, card: null, improves };
}
