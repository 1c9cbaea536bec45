import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { BenchContext } from '../main.ts';
import { matmulFlops } from '../matmul-rate.ts';
import type { LargeModelResult } from './large-model-process.ts';

/** LoRA steps of a model of SmolLM2-135M's shape: speed and peak memory of a fresh process. */
export async function benchLargeModel({ emit, log, rounds, threads }: BenchContext): Promise<void> {
  const file = fileURLToPath(new URL('./large-model-process.ts', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [file, String(rounds), String(threads)]);
  const { flops, stepSeconds, matmulSeconds, tokens, maxRssBytes } = JSON.parse(stdout) as LargeModelResult;
  const speed = `${(tokens / stepSeconds).toFixed(0)} tok/cpu-s`;
  log(
    `LoRA r8 all-linear, 134.5 M, T256: ${(flops / 1e9).toFixed(0)} GFLOP, ${stepSeconds.toFixed(2)} s CPU, ${speed}`,
  );
  emit({
    case: 'LoRA r8 all-linear + AdamW, 134.5 M, B1 T256, layer-wise',
    value: flops / stepSeconds / 1e9,
    unit: 'GFLOP/cpu-s',
    peer: { name: '1024^3 MatMul', value: matmulFlops / matmulSeconds / 1e9 },
    target: { atLeast: 0.9 },
  });
  emit({
    case: 'peak resident memory of that process, F32 weights included',
    value: maxRssBytes / 2 ** 30,
    unit: 'GiB',
    target: { atMost: 2.5 },
  });
}
