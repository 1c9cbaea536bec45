import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { floatsFromBfloatBits, floatsFromHalfBits, halfBitsFromFloats } from './half-float.ts';
import { readSafetensors, writeSafetensors } from './safetensors.ts';

let dir = '';
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'safetensors-'));
});
afterAll(() => rm(dir, { recursive: true }));

const tensors = new Map([
  ['b', { shape: [2, 3], data: Float32Array.of(1, -2, 3.5, 0, 1e-7, 65504) }],
  ['a', { shape: [], data: Float32Array.of(0.1) }],
]);

describe('safetensors', () => {
  it('returns F32 tensors and metadata bit for bit, whatever the order they were given in', async () => {
    const path = join(dir, 'f32.safetensors');
    await writeSafetensors(path, tensors, { dtype: 'F32', metadata: { origin: 'test' } });
    const first = await readFile(path);
    const file = await readSafetensors(path);
    expect(file.metadata).toEqual({ format: 'pt', origin: 'test' });
    for (const [name, { shape, data }] of tensors) {
      expect(file.tensors.get(name)).toEqual({ dtype: 'F32', shape, data });
    }
    await writeSafetensors(path, new Map([...tensors].reverse()), { dtype: 'F32', metadata: { origin: 'test' } });
    expect(await readFile(path)).toEqual(first);
    expect((await readdir(dir)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('rounds F16 as IEEE 754 does and widens every bit pattern exactly', () => {
    const bits = Uint16Array.from({ length: 65536 }, (_, i) => i);
    const reference = new DataView(bits.buffer) as DataView & { getFloat16(at: number, little: boolean): number };
    const widened = floatsFromHalfBits(bits);
    expect(bits.filter((_, i) => !Object.is(widened[i], reference.getFloat16(2 * i, true)))).toHaveLength(0);
    const back = halfBitsFromFloats(widened);
    expect(bits.filter((word, i) => !Number.isNaN(widened[i]) && back[i] !== word)).toHaveLength(0);

    const f16round = (Math as Math & { f16round(x: number): number }).f16round;
    // Odd multiples of a large stride visit all exponents, ties and their neighbours.
    const words = Uint32Array.from({ length: 200_000 }, (_, i) => (i * 2654435761) >>> 0);
    for (let i = 0; i < 512; i++) words[i] = 0x33000000 + i * 0x1000;
    const floats = new Float32Array(words.buffer);
    const narrowed = floatsFromHalfBits(halfBitsFromFloats(floats));
    expect(floats.filter((value, i) => !Object.is(narrowed[i], f16round(value)))).toHaveLength(0);
  });

  it.each(['F16', 'BF16'] as const)('widens every %s in place, at every size', async (dtype) => {
    const path = join(dir, `${dtype}.safetensors`);
    const sizes = [0, 1, 2, 3, 65536];
    const stored = new Map(sizes.map((size) => [`w${size}`, Uint16Array.from({ length: size }, (_, i) => i * 40503)]));
    const header = new Map<string, object>();
    let end = 0;
    for (const [name, bits] of stored) {
      header.set(name, { dtype, shape: [bits.length], data_offsets: [end, end + bits.byteLength] });
      end += bits.byteLength;
    }
    await writeRaw(
      path,
      Object.fromEntries(header),
      Buffer.concat([...stored.values()].map((bits) => Buffer.from(bits.buffer))),
    );
    const { tensors: read } = await readSafetensors(path);
    for (const [name, bits] of stored) {
      expect(read.get(name)?.data).toEqual(dtype === 'F16' ? floatsFromHalfBits(bits) : floatsFromBfloatBits(bits));
    }
  });

  it('reads BF16 as the upper half of a float32', async () => {
    const path = join(dir, 'bf16.safetensors');
    await writeRaw(path, { w: { dtype: 'BF16', shape: [2], data_offsets: [0, 4] } }, Buffer.from('803fc0c0', 'hex'));
    expect((await readSafetensors(path)).tensors.get('w')?.data).toEqual(Float32Array.of(1, -6));
  });

  const w = { dtype: 'F32', shape: [1], data_offsets: [0, 4] };
  it.each([
    ['a wrong size', { w: { ...w, shape: [2] } }, 4, /tensor w of shape \[2\] needs 8 bytes, it has 4/],
    ['a hole', { w: { ...w, data_offsets: [4, 8] } }, 8, /tensor w starts at byte 4, the one before it ends at 0/],
    ['an overlap', { w, x: { ...w, data_offsets: [2, 6] } }, 6, /tensor x starts at byte 2, .* ends at 4/],
    ['a truncated file', { w }, 2, /truncated: 2 bytes of tensor data, 4 expected/],
    ['bytes after the end', { w }, 5, /1 bytes belong to no tensor/],
    ['an unknown dtype', { w: { ...w, dtype: 'Q4' } }, 4, /unknown dtype "Q4"/],
    ['a negative shape', { w: { ...w, shape: [-1] } }, 4, /invalid shape \[-1\]/],
    ['integers', { w: { ...w, dtype: 'I32' } }, 4, /tensor w is stored as I32/],
    ['metadata that is no text', { __metadata__: { a: 1 }, w }, 4, /__metadata__ is not a map of strings/],
  ])('refuses %s by name', async (_, header, dataBytes, message) => {
    const path = join(dir, 'bad.safetensors');
    await writeRaw(path, header, Buffer.alloc(dataBytes));
    await expect(readSafetensors(path)).rejects.toThrow(message);
  });

  it('refuses headers that are short, too long or no JSON', async () => {
    const path = join(dir, 'bad.safetensors');
    const cases: [Buffer, RegExp][] = [
      [Buffer.from('abc'), /has 3 bytes, too few/],
      [Buffer.from('ff00000000000000', 'hex'), /header claims 255 bytes, the file has 8/],
      [Buffer.from('ffffffffffffff7f', 'hex'), /more than allowed/],
      [Buffer.from('02000000000000007b7b', 'hex'), /not valid JSON/],
    ];
    for (const [bytes, message] of cases) {
      await writeFile(path, bytes);
      await expect(readSafetensors(path)).rejects.toThrow(message);
    }
  });

  it('refuses to write what F16 cannot hold', async () => {
    const large = new Map([['w', { shape: [1], data: Float32Array.of(1e6) }]]);
    const path = join(dir, 'large.safetensors');
    await expect(writeSafetensors(path, large, { dtype: 'F16' })).rejects.toThrow(/w holds 1000000, too large for F16/);
  });
});

async function writeRaw(path: string, header: object, data: Buffer): Promise<void> {
  const json = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  await writeFile(path, Buffer.concat([length, json, data]));
}
