import type { datanetVersions } from '#db/schema/datanets.ts';
import type { Deps } from '#lib/platform/deps.ts';
import { RowUnreadableError } from './errors.ts';

export type VersionRow = {
  id: string;
  contributor: `0x${string}`;
  contentHash: string;
  data: Record<string, string>;
  /** Its text is destroyed (lib/datanets/erasure). */
  erased?: true;
  /** Texts that the row replaced, under the ids of the rows that they were. */
  formerly?: { id: string; data: Record<string, string> }[];
};

/** Rows of a frozen version, in leaf order, as lib/datanets/freeze-version.ts wrote them (JSONL), without those whose text is destroyed.
 * All in memory. */
export async function readVersionRows(
  deps: Pick<Deps, 'store'>,
  version: Pick<typeof datanetVersions.$inferSelect, 'objectKey' | 'rowCount'>,
): Promise<VersionRow[]> {
  const text = new TextDecoder().decode(await deps.store.get(version.objectKey));
  const rows = text
    .split('\n')
    .filter((line) => line !== '')
    .map(readRow);
  if (rows.length !== version.rowCount)
    throw new Error(`version object holds ${rows.length} rows, not ${version.rowCount}`);
  return rows.filter((row) => !row.erased);
}

function readRow(line: string, at: number): VersionRow {
  try {
    return JSON.parse(line) as VersionRow;
  } catch {
    throw new RowUnreadableError(at + 1);
  }
}
