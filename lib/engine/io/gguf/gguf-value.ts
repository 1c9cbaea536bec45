/** A metadata value with the type that GGUF stores; a bare number would not say which. */
export type GgufValue =
  | { type: 'u32'; value: number }
  | { type: 'f32'; value: number }
  | { type: 'bool'; value: boolean }
  | { type: 'string'; value: string }
  | { type: 'strings'; value: readonly string[] }
  | { type: 'i32s'; value: readonly number[] }
  | { type: 'f32s'; value: readonly number[] };

export type GgufMetadata = ReadonlyMap<string, GgufValue>;

/** Type numbers of the format (gguf.h). */
const typeId = { u32: 4, i32: 5, f32: 6, bool: 7, string: 8, array: 9 } as const;

/** One key with its value, as bytes. */
export function encodeGgufEntry(key: string, entry: GgufValue): Uint8Array[] {
  return [encodeGgufString(key), ...encodeValue(entry)];
}

/** Length in 8 bytes, then UTF-8. */
export function encodeGgufString(text: string): Uint8Array {
  const size = Buffer.byteLength(text);
  const bytes = Buffer.alloc(8 + size);
  bytes.writeBigUInt64LE(BigInt(size));
  bytes.write(text, 8);
  return bytes;
}

export function encodeU32(value: number): Uint8Array {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

export function encodeU64(value: number): Uint8Array {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}

function encodeValue(entry: GgufValue): Uint8Array[] {
  switch (entry.type) {
    case 'u32':
      return [encodeU32(typeId.u32), encodeU32(entry.value)];
    case 'f32':
      return [encodeU32(typeId.f32), bytesOf(Float32Array.of(entry.value))];
    case 'bool':
      return [encodeU32(typeId.bool), Uint8Array.of(entry.value ? 1 : 0)];
    case 'string':
      return [encodeU32(typeId.string), encodeGgufString(entry.value)];
    case 'strings':
      return [...arrayHead(typeId.string, entry.value.length), ...entry.value.map(encodeGgufString)];
    case 'i32s':
      return [...arrayHead(typeId.i32, entry.value.length), bytesOf(Int32Array.from(entry.value))];
    case 'f32s':
      return [...arrayHead(typeId.f32, entry.value.length), bytesOf(Float32Array.from(entry.value))];
    default:
      return entry satisfies never;
  }
}

function arrayHead(itemType: number, length: number): Uint8Array[] {
  return [encodeU32(typeId.array), encodeU32(itemType), encodeU64(length)];
}

function bytesOf(numbers: Float32Array | Int32Array): Uint8Array {
  return new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
}
