import { open } from 'node:fs/promises';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { listPassEntries } from './list-pass-entries.ts';
import { listTaskEntries } from './list-task-entries.ts';
import { listTrainingEntries } from './list-training-entries.ts';
import { listReceiptPages, loadLeaves } from './load-period-data.ts';
import type { PeriodTerms } from './period-schema.ts';
import { periodLine } from './write-period.ts';

const linesAtOnce = 1_000;

/**
 * Writes a period's data file but for its last line, which follows from the others (build-in-thread.ts), a thousand lines at a
 * time: a million receipts are never in memory together, and between two pieces others get their turn.
 */
export async function spoolPeriod(
  db: DatabaseOrTransaction,
  path: string,
  terms: PeriodTerms,
  ids: { period: string; previous: string | null },
): Promise<void> {
  const file = await open(path, 'wx');
  try {
    await file.appendFile(periodLine(terms));
    const leaves = await loadLeaves(db, ids.previous);
    for (let i = 0; i < leaves.length; i += linesAtOnce) {
      const some = leaves.slice(i, i + linesAtOnce);
      await file.appendFile(some.map((leaf) => periodLine([leaf.account, leaf.cumulativeWei.toString()])).join(''));
    }
    for await (const page of listReceiptPages(db, ids.period)) await file.appendFile(page.map(periodLine).join(''));
    for await (const entry of listTrainingEntries(db, ids.period)) await file.appendFile(periodLine(entry));
    for await (const page of listPassEntries(db, ids.period)) await file.appendFile(page.map(periodLine).join(''));
    for await (const page of listTaskEntries(db, ids.period)) await file.appendFile(page.map(periodLine).join(''));
  } finally {
    await file.close();
  }
}
