import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { buildInThread } from '../../../lib/rewards/build-in-thread.ts';
import { payPeriod } from '../../../lib/rewards/build-period.ts';
import { periodInputOf } from '../../../lib/rewards/period-input.ts';
import { readPeriod } from '../../../lib/rewards/read-period.ts';
import type { RewardLeaf } from '../../../lib/rewards/types.ts';
import { periodLine } from '../../../lib/rewards/write-period.ts';
import type { BenchContext } from '../main.ts';
import { costOf, interleave } from '../measure.ts';
import { peakMemoryBytes } from '../peak-memory.ts';
import { gasPerInference } from '../settlement/gas-per-inference.ts';
import { ourRoot, peerTree } from '../settlement/leaf-trees.ts';
import { randomReceipts, randomTerms } from '../settlement/random-period.ts';
import { readMeasuredGas } from '../settlement/read-measured-gas.ts';

export const description =
  'a reward period of 1,000,000 receipts (--rows), whole: its file, built beside the event loop, checked from the file; a million leaves to a root; gas per inference';

const peerLeaves = 10_000;
const memoryMaxMiB = 3 * 1024;
const loopDelayMaxMs = 1_000; // a tenth of what the queue gives a job's heartbeat

export async function run(context: BenchContext): Promise<void> {
  const receipts = context.rowsMax ?? 1_000_000;
  const folder = mkdtempSync(join(tmpdir(), 'openledger-bench-period-'));
  try {
    const path = join(folder, 'period.ndjson');
    await writeFile(context, path, receipts);
    const leaves = await measureBuild(context, path, receipts);
    await measureCheck(context, path);
    await measureTree(context, leaves);
  } finally {
    rmSync(folder, { recursive: true });
  }
  await reportGas(context);
}

/** As settlement spools it, but for the database. */
async function writeFile({ emit }: BenchContext, path: string, receipts: number): Promise<void> {
  const shape = { receipts, accounts: receipts };
  let grossWei = 0n;
  for (const { feeWei } of randomReceipts(shape)) grossWei += BigInt(feeWei);
  const file = openSync(path, 'w');
  const cost = await costOf(() => {
    writeSync(file, periodLine(randomTerms(grossWei)));
    let lines: string[] = [];
    for (const entry of randomReceipts(shape)) {
      if (lines.push(periodLine(entry)) < 1_000) continue;
      writeSync(file, lines.join(''));
      lines = [];
    }
    writeSync(file, lines.join(''));
  });
  closeSync(file);
  emit({ case: `${receipts} receipts to their file`, value: cost.cpu, unit: 's CPU' });
  emit({ case: 'the file', value: statSync(path).size / 2 ** 20, unit: 'MiB' });
}

async function measureBuild({ emit }: BenchContext, path: string, receipts: number): Promise<RewardLeaf[]> {
  const leaves: RewardLeaf[] = [];
  let lines = 0;
  const loop = monitorEventLoopDelay({ resolution: 10 });
  loop.enable();
  const cost = await costOf(() =>
    buildInThread(path, async (piece) => {
      if (piece.type === 'lines') lines += piece.lines.length;
      else leaves.push(...piece.leaves);
    }),
  );
  loop.disable();
  const shape = `${receipts} receipts, ${lines} amounts, ${leaves.length} leaves`;
  emit({ case: `${shape}: from the file to the root`, value: cost.cpu, unit: 's CPU' });
  emit({ case: `${shape}: from the file to the root, elapsed`, value: cost.wall, unit: 's' });
  emit({ case: 'a receipt', value: (1e6 * cost.cpu) / receipts, unit: 'µs CPU' });
  emit({
    case: 'longest that the event loop stood still',
    value: loop.max / 1e6,
    unit: 'ms',
    target: { atMost: loopDelayMaxMs },
  });
  emit({ case: 'most memory', value: peakMemoryBytes() / 2 ** 20, unit: 'MiB', target: { atMost: memoryMaxMiB } });
  return leaves;
}

/** What verify-epoch does with a file: each line checked, then the same arithmetic. Throws when the roots differ. */
async function measureCheck({ emit }: BenchContext, path: string): Promise<void> {
  const cost = await costOf(() => {
    const file = readPeriod(path);
    let receipts = 0;
    for (const _ of file.receipts) receipts += 1;
    const built = payPeriod(periodInputOf(readPeriod(path, { isOurs: true })), () => {});
    const said = file.readTotals();
    if (said?.earningsRoot !== built.earningsRoot || said.receiptsRoot !== built.receiptsRoot || receipts === 0)
      throw new Error('the file does not lead to its roots');
  });
  emit({ case: 'checked from the file alone: the same roots', value: cost.cpu, unit: 's CPU' });
  emit({
    case: 'most memory, checked as well',
    value: peakMemoryBytes() / 2 ** 20,
    unit: 'MiB',
    target: { atMost: memoryMaxMiB },
  });
}

async function measureTree({ emit, rounds }: BenchContext, leaves: readonly RewardLeaf[]) {
  const few = leaves.slice(0, peerLeaves);
  const theirs = await peerTree();
  if (theirs(few) !== ourRoot(few)) throw new Error('the two libraries have different roots');
  const costs = await interleave({ ours: () => ourRoot(few), theirs: () => theirs(few) }, Math.min(rounds, 3));
  emit({
    case: `${few.length} leaves to a root`,
    value: costs.ours.cpuSeconds,
    unit: 's CPU',
    peer: { name: '@openzeppelin/merkle-tree', value: costs.theirs.cpuSeconds },
    target: { atMost: 0.1 },
  });
  const all = await costOf(() => ourRoot(leaves));
  emit({ case: `${leaves.length} leaves to a root`, value: all.cpu, unit: 's CPU', target: { atMost: 15 } });
  emit({ case: `${leaves.length} leaves to a root, elapsed`, value: all.wall, unit: 's' });
}

async function reportGas({ emit, log }: BenchContext): Promise<void> {
  const gas = await readMeasuredGas();
  log(`gas: ${JSON.stringify(gas)}`);
  const { channels, publishing, earners, all } = gasPerInference(gas);
  emit({ case: 'gas per inference at 1e6 a day: channels', value: channels, unit: 'gas' });
  emit({ case: 'gas per inference at 1e6 a day: epochs', value: publishing, unit: 'gas' });
  emit({ case: 'gas per inference at 1e6 a day: earners’ claims', value: earners, unit: 'gas' });
  emit({ case: 'gas per inference at 1e6 a day', value: all, unit: 'gas', target: { atMost: 420 } });
}
