import { type FileHandle, open } from 'node:fs/promises';
import { floatsFromBfloatBits, floatsFromHalfBits } from './half-float.ts';
import {
  parseSafetensorsHeader,
  SafetensorsError,
  type SafetensorsHeader,
  type StoredTensor,
} from './safetensors-header.ts';

/** How weights may be stored; all else is quantised. */
export type FloatDtype = 'F32' | 'F16' | 'BF16';

/** A dense tensor in memory, always float32, row major. `dtype` is how the file stores it. */
export type LoadedTensor = { dtype: FloatDtype; shape: number[]; data: Float32Array };

/** An open safetensors file whose tensors are read one at a time, so that memory holds no more than is used. */
export class SafetensorsReader {
  readonly metadata: Readonly<Record<string, string>>;
  readonly entries: ReadonlyMap<string, StoredTensor>;
  private readonly path: string;
  private readonly file: FileHandle;
  private readonly dataStart: number;

  /** @throws SafetensorsError if the header or the layout is not exactly what the format asks */
  static async open(path: string): Promise<SafetensorsReader> {
    const file = await open(path, 'r');
    try {
      const { size } = await file.stat();
      const read = async (position: number, length: number): Promise<Buffer> => {
        const bytes = Buffer.alloc(length);
        await readExactly(file, path, bytes, position);
        return bytes;
      };
      return new SafetensorsReader(path, file, await parseSafetensorsHeader(path, size, read));
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  private constructor(path: string, file: FileHandle, { metadata, entries, dataStart }: SafetensorsHeader) {
    this.path = path;
    this.file = file;
    this.metadata = metadata;
    this.entries = entries;
    this.dataStart = dataStart;
  }

  /** One tensor, widened to float32. @throws SafetensorsError if it is missing, no float, or the file ends early */
  async read(name: string): Promise<LoadedTensor> {
    const entry = this.entries.get(name);
    if (!entry) throw new SafetensorsError(this.path, `there is no tensor ${name}`);
    const { dtype, shape, begin, end } = entry;
    if (!isFloatDtype(dtype)) {
      throw new SafetensorsError(this.path, `tensor ${name} is stored as ${dtype}; F32, F16 and BF16 are supported`);
    }
    // Narrow numbers are read into the second half of their float32 array and widened in place: no second copy.
    const size = (end - begin) / (dtype === 'F32' ? 4 : 2);
    const data = new Float32Array(size);
    const bytes = new Uint8Array(data.buffer, data.byteLength - (end - begin));
    await readExactly(this.file, this.path, bytes, this.dataStart + begin);
    if (dtype === 'F32') return { dtype, shape, data };
    const bits = new Uint16Array(data.buffer, bytes.byteOffset, size);
    return { dtype, shape, data: (dtype === 'F16' ? floatsFromHalfBits : floatsFromBfloatBits)(bits, data) };
  }

  close(): Promise<void> {
    return this.file.close();
  }
}

export function isFloatDtype(dtype: string): dtype is FloatDtype {
  return dtype === 'F32' || dtype === 'F16' || dtype === 'BF16';
}

async function readExactly(file: FileHandle, path: string, target: Uint8Array, position: number): Promise<void> {
  let done = 0;
  while (done < target.length) {
    const length = Math.min(target.length - done, 1 << 30);
    const { bytesRead } = await file.read(target, done, length, position + done);
    if (bytesRead === 0) throw new SafetensorsError(path, 'the file ends early');
    done += bytesRead;
  }
}
