import { Worker } from 'node:worker_threads';
import type { Hex } from 'viem';
import type { PeriodTermsData } from './period-data.ts';
import type { PeriodMessage } from './period-thread.ts';
import type { RewardLeaf, RewardLine } from './types.ts';

/** What a period comes to, and its data file. */
export type BuiltFile = {
  lines: RewardLine[];
  leaves: RewardLeaf[];
  totalWei: bigint;
  earningsRoot: Hex;
  receiptsRoot: Hex;
  bytes: Uint8Array;
};

/**
 * `buildPeriod` and the writing of its file in a thread of their own: with a million accounts they take seconds, in which the
 * process has to answer heartbeats. Throws what the arithmetic throws.
 */
export async function buildInThread(data: PeriodTermsData): Promise<BuiltFile> {
  const worker = new Worker(new URL('./period-thread.ts', import.meta.url), { workerData: data });
  const lines: RewardLine[] = [];
  const leaves: RewardLeaf[] = [];
  try {
    return await new Promise((resolve, reject) => {
      worker.on('error', reject);
      worker.on('exit', (code) => reject(new Error(`the thread that builds reward periods ended with ${code}`)));
      worker.on('message', (message: PeriodMessage) => {
        if (message.type === 'lines') lines.push(...message.lines);
        else if (message.type === 'leaves') leaves.push(...message.leaves);
        else {
          const { bytes, totalWei, earningsRoot, receiptsRoot } = message;
          resolve({ lines, leaves, totalWei, earningsRoot, receiptsRoot, bytes });
        }
      });
    });
  } finally {
    await worker.terminate();
  }
}
