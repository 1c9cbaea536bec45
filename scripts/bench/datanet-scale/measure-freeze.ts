import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type pg from 'pg';
import type { BenchContext } from '../main.ts';
import { scaleDatanet } from './million-rows.ts';

type Frozen = { rows: number; seconds: number; cpuSeconds: number; peakBytes: number };

/** A version of all accepted rows, made whole: reading, JSON lines, leaves, tree, file under its hash, and who stands at which leaf. */
export async function measureFreeze(
  { emit }: BenchContext,
  { databaseUrl, objects, pool }: { databaseUrl: string; objects: string; pool: pg.Pool },
): Promise<void> {
  // The version of the run before would be found to be the same, and nothing written.
  const older = 'select id from datanet_versions where datanet_id = $1 and id <> $2';
  const { id, versionId } = scaleDatanet;
  await pool.query(`delete from version_examples where version_id in (${older})`, [id, versionId]);
  await pool.query('delete from datanet_versions where datanet_id = $1 and id <> $2', [id, versionId]);
  const script = fileURLToPath(new URL('freeze-all.ts', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [script, databaseUrl, objects]);
  const { rows, seconds, cpuSeconds, peakBytes } = JSON.parse(stdout) as Frozen;
  emit({ case: `a version of all ${rows} rows`, value: seconds, unit: 's' });
  emit({ case: 'a version of all rows, CPU of its process', value: cpuSeconds, unit: 's' });
  emit({ case: 'a version of all rows, most memory', value: peakBytes / 2 ** 20, unit: 'MiB' });
}
