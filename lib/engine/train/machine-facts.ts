import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { cpus } from 'node:os';

/** What decides the bits of a computation besides its input; threads do so only for few shapes, whose sums they divide. */
export type MachineFacts = {
  cpu: string;
  platform: string;
  /** Instruction sets by which the runtime chooses its kernels; empty where the system does not tell. */
  features: string[];
  threads: number;
  node: string;
  onnxruntime: string;
};

const decisiveFeatures = ['avx', 'avx2', 'fma', 'f16c', 'avx512f', 'avx512bw', 'avx512vl', 'avx512_vnni', 'avx_vnni'];
const otherFeatures = ['avx512_bf16', 'amx_tile', 'amx_bf16', 'asimd', 'asimddp', 'sve', 'i8mm', 'bf16'];

/** The machine that this process runs on. */
export async function machineFacts(threads: number): Promise<MachineFacts> {
  const path = createRequire(import.meta.url).resolve('onnxruntime-node/package.json');
  const { version } = JSON.parse(await readFile(path, 'utf8')) as { version: string };
  const known = new Set((await readFile('/proc/cpuinfo', 'utf8').catch(() => '')).split(/\s+/));
  return {
    cpu: cpus()[0]?.model ?? 'unknown',
    platform: `${process.platform}-${process.arch}`,
    features: [...decisiveFeatures, ...otherFeatures].filter((name) => known.has(name)),
    threads,
    node: process.version,
    onnxruntime: version,
  };
}

/** Whether the same input must give the same bits on both: same instruction sets, same runtime. */
export function isSameKind(a: MachineFacts, b: MachineFacts): boolean {
  const kind = ({ platform, features, onnxruntime }: MachineFacts) => [platform, features, onnxruntime].join();
  return kind(a) === kind(b);
}
