import { eq, inArray } from 'drizzle-orm';
import { type DatanetField, datanets, datanetVersions } from '#db/schema/datanets.ts';
import { listMixParts } from '#lib/mixes/list-mix-parts.ts';
import type { ChosenPart } from '#lib/mixes/types.ts';
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
  /** Of a row of a mix: the version that it stands in, that one's columns, and how often a pass reads it, in tenths. */
  from?: { versionId: string; fields: DatanetField[]; tenths: number };
};

type Place = Pick<typeof datanetVersions.$inferSelect, 'id' | 'objectKey' | 'rowCount'>;

/**
 * Rows of a frozen version, in leaf order, as lib/datanets/freeze-version.ts wrote them (JSONL), without those whose text is destroyed. Of
 * a mix: the rows of its parts, as `readPartRows` has them. All in memory.
 */
export async function readVersionRows(deps: Pick<Deps, 'db' | 'store'>, version: Place): Promise<VersionRow[]> {
  const parts = await listMixParts(deps.db, version.id);
  return parts.length > 0 ? readPartRows(deps, parts) : readFile(deps, version);
}

/**
 * Rows of several versions in the order in which they were contributed, whichever Datanet they went to: so the first of two that are alike is
 * the original. Each says where it is from. The order of the parts does not matter.
 */
export async function readPartRows(
  deps: Pick<Deps, 'db' | 'store'>,
  parts: readonly ChosenPart[],
): Promise<VersionRow[]> {
  const ids = parts.map(({ versionId }) => versionId);
  const versions = await deps.db
    .select({ version: datanetVersions, fields: datanets.fields })
    .from(datanetVersions)
    .innerJoin(datanets, eq(datanets.id, datanetVersions.datanetId))
    .where(inArray(datanetVersions.id, ids));
  const tenths = new Map(parts.map((part) => [part.versionId, part.tenths]));
  const rows: VersionRow[] = [];
  for (const { version, fields } of versions) {
    const from = { versionId: version.id, fields, tenths: tenths.get(version.id)! };
    for (const row of await readFile(deps, version)) rows.push({ ...row, from });
  }
  return rows.sort((a, b) => (a.id < b.id ? -1 : 1)); // ids begin with the time
}

async function readFile({ store }: Pick<Deps, 'store'>, { objectKey, rowCount }: Place): Promise<VersionRow[]> {
  const text = new TextDecoder().decode(await store.get(objectKey));
  const rows = text
    .split('\n')
    .filter((line) => line !== '')
    .map(readRow);
  if (rows.length !== rowCount) throw new Error(`version object holds ${rows.length} rows, not ${rowCount}`);
  return rows.filter((row) => !row.erased);
}

function readRow(line: string, at: number): VersionRow {
  try {
    return JSON.parse(line) as VersionRow;
  } catch {
    throw new RowUnreadableError(at + 1);
  }
}
