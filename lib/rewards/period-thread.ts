/**
 * The thread of build-in-thread.ts: walks through a period's file, ends it with what it comes to, and posts lines and leaves in
 * pieces. It waits while too many pieces are unread, so that they pile up nowhere.
 */
import { createHash } from 'node:crypto';
import { appendFileSync, createReadStream } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import type { DatanetFee } from '#lib/kernel/datanet-fee-leaf.ts';
import { payPeriod } from './build-period.ts';
import { periodInputOf } from './period-input.ts';
import type { PeriodTotals } from './period-schema.ts';
import { readPeriod } from './read-period.ts';
import type { RewardLeaf, RewardLine } from './types.ts';
import { periodLine } from './write-period.ts';

export type ThreadInput = {
  path: string;
  /** How many pieces were read; the thread is woken by it. */
  read: Int32Array<SharedArrayBuffer>;
};
/** A leaf, and what of it this period added. */
export type PaidLeaf = RewardLeaf & { addedWei: bigint };
export type PeriodPiece = { type: 'lines'; lines: RewardLine[] } | { type: 'leaves'; leaves: PaidLeaf[] };
export type PeriodMessage =
  | PeriodPiece
  | { type: 'done'; totals: PeriodTotals; datanetFees: DatanetFee[]; sha256: `0x${string}` };

const pieceSize = 4_000;
const unreadMax = 4;
const { path, read } = workerData as ThreadInput;
let posted = 0;

function post(piece: PeriodPiece): void {
  parentPort!.postMessage(piece);
  posted += 1;
  for (let seen = Atomics.load(read, 0); posted - seen > unreadMax; seen = Atomics.load(read, 0)) {
    Atomics.wait(read, 0, seen);
  }
}

function build() {
  const file = readPeriod(path, { isOurs: true });
  const input = periodInputOf(file);
  let lines: RewardLine[] = [];
  const built = payPeriod(input, (line) => {
    if (lines.push(line) < pieceSize) return;
    post({ type: 'lines', lines });
    lines = [];
  });
  post({ type: 'lines', lines });
  const before = new Map(Array.from(input.previousLeaves, ({ account, cumulativeWei }) => [account, cumulativeWei]));
  for (let i = 0; i < built.leaves.length; i += pieceSize) {
    const leaves = built.leaves
      .slice(i, i + pieceSize)
      .map((leaf) => ({ ...leaf, addedWei: leaf.cumulativeWei - (before.get(leaf.account) ?? 0n) }));
    post({ type: 'leaves', leaves });
  }
  return built;
}

const { totalWei, earningsRoot, receiptsRoot, datanetFees } = build();
const totals = { totalWei: totalWei.toString(), earningsRoot, receiptsRoot };
appendFileSync(path, periodLine(totals));
const hash = createHash('sha256');
for await (const chunk of createReadStream(path)) hash.update(chunk as Uint8Array);
const done: PeriodMessage = { type: 'done', totals, datanetFees, sha256: `0x${hash.digest('hex')}` };
parentPort!.postMessage(done);
