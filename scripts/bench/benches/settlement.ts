import { payPeriod } from '../../../lib/rewards/build-period.ts';
import type { BenchContext } from '../main.ts';
import { costOf, interleave } from '../measure.ts';
import { peakMemoryBytes } from '../peak-memory.ts';
import { gasPerInference } from '../settlement/gas-per-inference.ts';
import { ourRoot, peerTree } from '../settlement/leaf-trees.ts';
import { randomPeriod } from '../settlement/random-period.ts';
import { readMeasuredGas } from '../settlement/read-measured-gas.ts';

export const description =
  'a reward period of 1,000,000 receipts (--rows): receipts to leaves to root, a million leaves to a root, gas per inference';

const peerLeaves = 10_000;

/** Everything on one thread, which in the product is not the event loop's (lib/rewards/build-in-thread.ts). */
export async function run(context: BenchContext): Promise<void> {
  const receipts = context.rowsMax ?? 1_000_000;
  const leaves = await measurePeriod(context, receipts);
  await measureTree(context, leaves);
  await reportGas(context);
}

async function measurePeriod({ emit, log }: BenchContext, receipts: number) {
  const input = randomPeriod({ receipts, accounts: receipts });
  const before = peakMemoryBytes();
  log(`${receipts} receipts take ${Math.round(before / 2 ** 20)} MiB`);
  let lines = 0;
  let leaves: ReturnType<typeof payPeriod>['leaves'] = [];
  const cost = await costOf(() => {
    ({ leaves } = payPeriod(input, () => {
      lines += 1;
    }));
  });
  const shape = `${receipts} receipts, ${lines} amounts, ${leaves.length} leaves`;
  emit({ case: `${shape}: to the root`, value: cost.cpu, unit: 's CPU' });
  emit({ case: `${shape}: to the root, elapsed`, value: cost.wall, unit: 's' });
  emit({ case: 'a receipt', value: (1e6 * cost.cpu) / receipts, unit: 'µs CPU' });
  emit({ case: 'most memory, receipts included', value: peakMemoryBytes() / 2 ** 20, unit: 'MiB' });
  return leaves;
}

async function measureTree({ emit, rounds }: BenchContext, leaves: ReturnType<typeof payPeriod>['leaves']) {
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
