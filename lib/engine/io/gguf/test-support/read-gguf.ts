import { readFile } from 'node:fs/promises';

export type ReadTensor = { dims: number[]; type: number; offset: number; data: Float32Array };
export type ReadGguf = { version: number; metadata: Map<string, unknown>; tensors: Map<string, ReadTensor> };

/** A second opinion on the format: reads a GGUF file by gguf.md alone. Tensors of type F32 (0) and F16 (1). */
export async function readGguf(path: string): Promise<ReadGguf> {
  const file = await readFile(path);
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  let at = 0;
  const step = (bytes: number): number => {
    at += bytes;
    return at - bytes;
  };
  const u32 = (): number => view.getUint32(step(4), true);
  const u64 = (): number => Number(view.getBigUint64(step(8), true));
  const text = (): string => {
    const length = u64();
    return file.toString('utf8', step(length), at);
  };
  const readers: Record<number, () => unknown> = {
    4: u32,
    5: () => view.getInt32(step(4), true),
    6: () => view.getFloat32(step(4), true),
    7: () => view.getUint8(step(1)) === 1,
    8: text,
    9: () => {
      const item = readers[u32()]!;
      return Array.from({ length: u64() }, item);
    },
  };
  if (file.toString('latin1', step(4), at) !== 'GGUF') throw new Error('no GGUF');
  const version = u32();
  const [tensorCount, keyCount] = [u64(), u64()];
  const metadata = new Map(Array.from({ length: keyCount }, () => [text(), readers[u32()]!()] as const));
  const heads = Array.from({ length: tensorCount }, () => ({
    name: text(),
    dims: Array.from({ length: u32() }, u64),
    type: u32(),
    offset: u64(),
  }));
  const start = Math.ceil(at / 32) * 32;
  const tensors = new Map<string, ReadTensor>();
  for (const { name, ...head } of heads) {
    const size = head.dims.reduce((product, dim) => product * dim, 1);
    const data = Float32Array.from({ length: size }, (_, i) =>
      head.type === 0
        ? view.getFloat32(start + head.offset + 4 * i, true)
        : view.getFloat16(start + head.offset + 2 * i, true),
    );
    tensors.set(name, { ...head, data });
  }
  return { version, metadata, tensors };
}
