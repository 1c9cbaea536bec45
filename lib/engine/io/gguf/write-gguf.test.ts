import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { GgufValue } from './gguf-value.ts';
import { readGguf } from './test-support/read-gguf.ts';
import { type GgufTensor, writeGguf } from './write-gguf.ts';

let dir = '';
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'gguf-'));
});
afterAll(() => rm(dir, { recursive: true }));

const tensor = (name: string, shape: number[], dtype: 'F32' | 'F16', data: number[]): GgufTensor => ({
  name,
  shape,
  dtype,
  load: async () => Float32Array.from(data),
});

it('writes what another reader reads: keys of every type, tensors in both types, offsets on 32 bytes', async () => {
  const metadata = new Map<string, GgufValue>([
    ['general.architecture', { type: 'string', value: 'llama' }],
    ['a.u32', { type: 'u32', value: 4_000_000_000 }],
    ['a.f32', { type: 'f32', value: 0.5 }],
    ['a.bool', { type: 'bool', value: true }],
    ['a.strings', { type: 'strings', value: ['', 'Ġé', '🙂'] }],
    ['a.i32s', { type: 'i32s', value: [1, -2, 3] }],
    ['a.f32s', { type: 'f32s', value: [0.25, -1e9] }],
  ]);
  const path = join(dir, 'all.gguf');
  await writeGguf(path, metadata, [
    tensor('w', [2, 3], 'F32', [1, 2, 3, 4, 5, 6]),
    tensor('h', [5], 'F16', [0.1, -2, 65504, 0, 1e-7]),
    tensor('v', [1], 'F32', [7]),
  ]);
  const read = await readGguf(path);
  expect(read.version).toBe(3);
  expect([...read.metadata]).toEqual([...metadata].map(([key, { value }]) => [key, value]));
  expect(read.tensors.get('w')).toMatchObject({ dims: [3, 2], type: 0, offset: 0 });
  expect([...read.tensors.get('w')!.data]).toEqual([1, 2, 3, 4, 5, 6]);
  expect(read.tensors.get('h')).toMatchObject({ dims: [5], type: 1, offset: 32 });
  expect([...read.tensors.get('h')!.data]).toEqual([0.1, -2, 65504, 0, 1e-7].map(Math.f16round));
  expect(read.tensors.get('v')).toMatchObject({ offset: 64, data: Float32Array.of(7) });
  expect((await readFile(path)).length % 32).toBe(0);
});

it('refuses what F16 cannot hold and data of another size, and leaves no file behind', async () => {
  const path = join(dir, 'bad.gguf');
  const large = writeGguf(path, new Map(), [tensor('w', [1], 'F16', [1e6])]);
  await expect(large).rejects.toThrow('The tensor w holds 1000000, too large for F16; write F32.');
  const short = writeGguf(path, new Map(), [tensor('w', [2, 2], 'F32', [1])]);
  await expect(short).rejects.toThrow('w has 1 values, its shape [2,2] asks for 4');
  expect((await readdir(dir)).filter((name) => name.startsWith('bad'))).toEqual([]);
});
