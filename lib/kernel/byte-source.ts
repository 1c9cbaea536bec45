/** Bytes that can be read in any order without all of them in memory: a file, or a buffer. */
export type ByteSource = {
  size: number;
  /** Exactly `length` bytes from `offset`. Throws a RangeError where the source ends before. */
  read(offset: number, length: number): Promise<Uint8Array>;
};

/** A buffer as a source; nothing is copied. */
export function bufferSource(bytes: Uint8Array): ByteSource {
  return {
    size: bytes.length,
    async read(offset, length) {
      if (offset < 0 || length < 0 || offset + length > bytes.length) throw new RangeError('read beyond the end');
      return bytes.subarray(offset, offset + length);
    },
  };
}
