import type { ObjectStore } from '#lib/platform/storage/object-store.ts';

/** Key of the piece that begins at `offset`; keys sort in the order of the file. */
export const pieceKey = (uploadId: string, offset: number): string =>
  `uploads/${uploadId}/${String(offset).padStart(12, '0')}`;

/** The file's bytes from `from` on, a piece at a time. @throws {ObjectNotFoundError} */
export async function* readPieces(store: ObjectStore, uploadId: string, from: number): AsyncGenerator<Uint8Array> {
  const keys = await store.list(`uploads/${uploadId}`);
  const starts = keys.map((key) => Number(key.split('/').at(-1)));
  for (const [i, start] of starts.entries()) {
    if ((starts[i + 1] ?? Number.POSITIVE_INFINITY) <= from) continue;
    const bytes = await store.get(keys[i]!);
    yield bytes.subarray(Math.max(0, from - start));
  }
}

/** Takes the pieces away: their rows are stored, or nobody wants them any more. */
export async function removePieces(store: ObjectStore, uploadId: string): Promise<void> {
  for (const key of await store.list(`uploads/${uploadId}`)) await store.remove(key);
}
