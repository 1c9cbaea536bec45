import { randomBytes } from 'node:crypto';
import { openDatabase } from '#db/client.ts';
import { freezeRows } from '#lib/datanets/freeze-rows.ts';
import { fileObjectStore } from '#lib/platform/storage/file-object-store.ts';
import { peakMemoryBytes } from '../peak-memory.ts';
import { scaleDatanet } from './million-rows.ts';

/**
 * Makes all accepted rows of the Datanet a version, as the job does, in a process that does nothing else:
 * `node freeze-all.ts <database> <objects>`. One line of JSON: rows, seconds, CPU seconds of this process, most memory in bytes.
 */
const [databaseUrl, objects] = process.argv.slice(2);
const { db, close } = openDatabase(databaseUrl!);
const deps = { db, store: fileObjectStore(objects!), now: () => new Date(), randomBytes };
const started = performance.now();
const { rowCount } = await freezeRows(deps, `0x${'9'.repeat(40)}`, scaleDatanet);
const { user, system } = process.cpuUsage();
const seconds = (performance.now() - started) / 1000;
process.stdout.write(
  JSON.stringify({ rows: rowCount, seconds, cpuSeconds: (user + system) / 1e6, peakBytes: peakMemoryBytes() }),
);
await close();
