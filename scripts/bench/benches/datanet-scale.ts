import { readFileSync } from 'node:fs';
import { openDatabase } from '#db/client.ts';
import { measureFreeze } from '../datanet-scale/measure-freeze.ts';
import { measureIngest } from '../datanet-scale/measure-ingest.ts';
import { measureReading } from '../datanet-scale/measure-reading.ts';
import { measureWeight } from '../datanet-scale/measure-weight.ts';
import { startPlace } from '../datanet-scale/start-place.ts';
import type { BenchContext } from '../main.ts';
import { peakMemoryBytes } from '../peak-memory.ts';

export const description =
  'a Datanet of a million rows (--rows) behind the real server: pages, search, counts, ingest, a version of all, memory';

export async function run(context: BenchContext): Promise<void> {
  const rows = context.rowsMax ?? 1_000_000;
  const place = await startPlace(rows, context.log);
  const { db, pool, close } = openDatabase(place.databaseUrl);
  try {
    await measureReading(context, { ...place, db, pool, rows });
    await measureWeight(context, place);
    await measureIngest(context, { ...place, db, pool });
    await measureFreeze(context, { ...place, pool });
    const kibibytes = Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${place.serverPid}/status`, 'utf8'))?.[1]);
    context.emit({ case: 'web server, most memory', value: kibibytes / 1024, unit: 'MiB' });
    context.emit({
      case: 'reader of uploads (this process), most memory',
      value: peakMemoryBytes() / 2 ** 20,
      unit: 'MiB',
    });
  } finally {
    await close();
    await place.stop();
  }
}
