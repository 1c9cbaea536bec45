import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { AttributionIndexError } from './errors.ts';

/** An index file, read from front to back and hashed on the way: what was hashed is what is used. */
export type IndexFile = {
  path: string;
  /** The next bytes, in a buffer of their own. */
  take(length: number): Promise<Uint8Array<ArrayBuffer>>;
  /** Fills `target` with the next bytes. */
  fill(target: Uint8Array): Promise<void>;
  /** @throws AttributionIndexError unless the whole file has this many bytes; called before much is allocated */
  expect(bytes: number): void;
  /** SHA-256 of what was read, once. */
  sha256(): string;
  close(): Promise<void>;
};

/** Bytes read and hashed at a time: they stay in the processor's cache from one to the other. */
const partBytes = 1 << 20;

/** @throws AttributionIndexError if there is no such file; reading throws it where the file ends too early */
export async function openIndexFile(path: string): Promise<IndexFile> {
  const handle = await open(path).catch((cause: unknown) => {
    throw new AttributionIndexError(`The attribution index ${path} cannot be read.`, { cause });
  });
  const { size } = await handle.stat();
  const hash = createHash('sha256');
  let position = 0;
  const broken = (): AttributionIndexError =>
    new AttributionIndexError(`The attribution index ${path} is truncated or has bytes too many.`);

  async function fill(target: Uint8Array): Promise<void> {
    if (position + target.length > size) throw broken();
    for (let done = 0; done < target.length; ) {
      const length = Math.min(partBytes, target.length - done);
      const { bytesRead } = await handle.read(target, done, length, position);
      if (bytesRead === 0) throw broken();
      hash.update(target.subarray(done, done + bytesRead));
      done += bytesRead;
      position += bytesRead;
    }
  }
  return {
    path,
    fill,
    async take(length) {
      if (position + length > size) throw broken();
      const bytes = new Uint8Array(length);
      await fill(bytes);
      return bytes;
    },
    expect(bytes) {
      if (bytes !== size) throw broken();
    },
    sha256: () => hash.digest('hex'),
    close: () => handle.close(),
  };
}
