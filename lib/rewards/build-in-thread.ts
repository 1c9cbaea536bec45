import { Worker } from 'node:worker_threads';
import type { DatanetFee } from '#lib/kernel/datanet-fee-leaf.ts';
import type { PeriodTotals } from './period-schema.ts';
import type { PeriodMessage, PeriodPiece, ThreadInput } from './period-thread.ts';

/** What a period comes to, and the hash of its whole file. */
export type BuiltFile = { totals: PeriodTotals; datanetFees: DatanetFee[]; sha256: `0x${string}` };

/**
 * Builds the period whose file lies at `path`, up to its last line, which is added: in a thread of its own, because a million
 * receipts take half a minute, in which the process has to answer heartbeats. Lines and leaves go to `onPiece`, a few thousand at
 * a time and one piece after the other. Throws what the arithmetic or `onPiece` throws.
 */
export async function buildInThread(path: string, onPiece: (piece: PeriodPiece) => Promise<void>): Promise<BuiltFile> {
  const read = new Int32Array(new SharedArrayBuffer(4));
  const workerData: ThreadInput = { path, read };
  const worker = new Worker(new URL('./period-thread.ts', import.meta.url), { workerData });
  let handled: Promise<void> = Promise.resolve();
  try {
    return await new Promise((resolve, reject) => {
      worker.on('error', reject);
      const ended = (code: number) => reject(new Error(`the thread that builds reward periods ended with ${code}`));
      worker.on('exit', (code) => handled.then(() => ended(code), reject)); // after what it has said
      worker.on('message', (message: PeriodMessage) => {
        handled = handled.then(async () => {
          if (message.type === 'done') return resolve(message);
          await onPiece(message);
          Atomics.add(read, 0, 1);
          Atomics.notify(read, 0);
        });
        handled.catch(reject);
      });
    });
  } finally {
    await worker.terminate();
  }
}
