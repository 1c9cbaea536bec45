/**
 * The thread of build-in-thread.ts: gets a period's data, builds it, writes its file, and posts the result in pieces, so that
 * whoever receives it never stands still for long.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { buildPeriod } from './build-period.ts';
import { encodePeriodData, type PeriodTermsData, periodInputOf } from './period-data.ts';
import type { RewardLeaf, RewardLine } from './types.ts';

export type PeriodMessage =
  | { type: 'lines'; lines: RewardLine[] }
  | { type: 'leaves'; leaves: RewardLeaf[] }
  | { type: 'done'; bytes: Uint8Array; totalWei: bigint; earningsRoot: `0x${string}`; receiptsRoot: `0x${string}` };

const pieceSize = 5_000;

const data = workerData as PeriodTermsData;
const { lines, leaves, totalWei, earningsRoot, receiptsRoot } = buildPeriod(periodInputOf(data));
const post = (message: PeriodMessage) => parentPort!.postMessage(message);
for (let i = 0; i < lines.length; i += pieceSize) post({ type: 'lines', lines: lines.slice(i, i + pieceSize) });
for (let i = 0; i < leaves.length; i += pieceSize) post({ type: 'leaves', leaves: leaves.slice(i, i + pieceSize) });
const bytes = encodePeriodData({ ...data, totalWei: totalWei.toString(), earningsRoot, receiptsRoot });
post({ type: 'done', bytes, totalWei, earningsRoot, receiptsRoot });
