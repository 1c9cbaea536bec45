import type { BenchContext } from '../main.ts';
import { createMatmul, matmulFlops } from '../matmul-rate.ts';
import { interleave } from '../measure.ts';

export const description = "the machine's 1024^3 MatMul rate, which the other engine figures are stated against";

export async function run({ emit, rounds, threads }: BenchContext): Promise<void> {
  const matmul = await createMatmul(threads);
  const { tenTimes } = await interleave(
    {
      tenTimes: async () => {
        for (let i = 0; i < 10; i++) await matmul.run();
      },
    },
    rounds,
  );
  emit({ case: '1024^3 float32', value: (10 * matmulFlops) / tenTimes.cpuSeconds / 1e9, unit: 'GFLOP/cpu-s' });
  await matmul.release();
}
