import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileWriter, ParquetWriter, schemaFromColumnData } from 'hyparquet-writer';
import type { DatabaseOrTransaction } from '#db/client.ts';
import type { ViewerVersion } from './find-viewer-version.ts';
import { readVersionCells } from './read-version-cells.ts';
import type { ViewerColumn } from './viewer-columns.ts';

const shardRows = 500_000;

export type WrittenShard = { filename: string; path: string; sha256: string; sizeBytes: number; rows: number };

/**
 * Writes a version's rows as Parquet files of at most 500,000 rows into `outDir`, in the version's order: `0000.parquet` and so on.
 * The same rows give the same bytes. Memory: 10,000 rows, which are one row group.
 */
export async function writeVersionParquet(
  db: DatabaseOrTransaction,
  version: Pick<ViewerVersion, 'versionId' | 'rowCount' | 'columns'>,
  outDir: string,
): Promise<WrittenShard[]> {
  const shards: WrittenShard[] = [];
  for (let from = 0; from < version.rowCount; from += shardRows) {
    const to = Math.min(from + shardRows, version.rowCount);
    const filename = `${String(shards.length).padStart(4, '0')}.parquet`;
    const path = join(outDir, filename);
    await writeShard(db, version, { path, from, to });
    const hash = createHash('sha256');
    await pipeline(createReadStream(path), hash);
    shards.push({
      ...{ filename, path, rows: to - from },
      ...{ sha256: hash.digest('hex'), sizeBytes: (await stat(path)).size },
    });
  }
  return shards;
}

async function writeShard(
  db: DatabaseOrTransaction,
  { versionId, columns }: Pick<ViewerVersion, 'versionId' | 'columns'>,
  { path, from, to }: { path: string; from: number; to: number },
): Promise<void> {
  const file = fileWriter(path);
  const schema = schemaFromColumnData({ columnData: columns.map((column) => toColumnData(column, [])) });
  const parquet = new ParquetWriter({ writer: file, schema, createdBy: 'OpenLedger' });
  for await (const rows of readVersionCells(db, { versionId, columns, from, to })) {
    const columnData = columns.map((column, i) =>
      toColumnData(
        column,
        rows.map((row) => row[i] ?? null),
      ),
    );
    await parquet.write({ columnData, rowGroupSize: rows.length });
  }
  await parquet.finish();
}

function toColumnData({ name, type }: ViewerColumn, cells: readonly (string | null)[]) {
  if (type === 'string') return { name, type: 'STRING' as const, data: [...cells] };
  return { name, type: 'TIMESTAMP' as const, data: cells.map((cell) => (cell === null ? null : new Date(cell))) };
}
