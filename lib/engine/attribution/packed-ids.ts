/** Row ids in two buffers, because a million strings would outweigh what they name. Row i: `utf8[offsets[i] .. offsets[i + 1]]`. */
export type PackedIds = { offsets: Uint32Array<ArrayBuffer>; utf8: Uint8Array<ArrayBuffer> };

export function packIds(ids: readonly string[]): PackedIds {
  const offsets = new Uint32Array(ids.length + 1);
  for (const [i, id] of ids.entries()) offsets[i + 1] = offsets[i]! + Buffer.byteLength(id);
  const utf8 = new Uint8Array(offsets[ids.length]!);
  const bytes = Buffer.from(utf8.buffer);
  for (const [i, id] of ids.entries()) bytes.write(id, offsets[i]!);
  return { offsets, utf8 };
}

/** The id of one row. */
export function idAt({ offsets, utf8 }: PackedIds, row: number): string {
  return Buffer.from(utf8.buffer, utf8.byteOffset).toString('utf8', offsets[row], offsets[row + 1]);
}
