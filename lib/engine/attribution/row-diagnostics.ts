import { readFile } from 'node:fs/promises';
import { writeFileAtomically } from '../io/write-file-atomically.ts';
import { idAt, packIds } from './packed-ids.ts';

/** What the index build learns of each row on the way, at no cost: signs of a row that teaches the wrong thing. */
export type RowDiagnostics = {
  /** Nats per answer token under the trained adapter. A row that contradicts others keeps a high one. */
  losses: Float32Array;
  /** |gradient of the summed loss| / sqrt(answer tokens), over the B matrices that the index is of. */
  gradientNorms: Float32Array;
  /** Influence of the row on itself, nats: its leverage, summed over the layers. */
  selfInfluences: Float32Array;
};

export type RowDiagnosis = { exampleId: string; loss: number; gradientNorm: number; selfInfluence: number };

const magic = 'OLROWS01';

export function emptyDiagnostics(rows: number): RowDiagnostics {
  const array = (): Float32Array => new Float32Array(rows);
  return { losses: array(), gradientNorms: array(), selfInfluences: array() };
}

/** Where the diagnostics of an index lie. */
export function diagnosticsFileOf(indexFile: string): string {
  return `${indexFile}.rows`;
}

/** Writes magic, row count and id bytes (uint32 each), the three arrays (float32), id offsets (uint32) and ids. Little-endian. */
export async function writeRowDiagnostics(
  path: string,
  exampleIds: readonly string[],
  { losses, gradientNorms, selfInfluences }: RowDiagnostics,
): Promise<void> {
  const { offsets, utf8 } = packIds(exampleIds);
  const head = Buffer.alloc(16);
  head.write(magic, 0, 'latin1');
  head.writeUInt32LE(exampleIds.length, 8);
  head.writeUInt32LE(utf8.length, 12);
  const arrays = [losses, gradientNorms, selfInfluences, offsets];
  const parts = [
    head,
    ...arrays.map(({ buffer, byteOffset, byteLength }) => new Uint8Array(buffer, byteOffset, byteLength)),
  ];
  await writeFileAtomically(path, [...parts, utf8]);
}

/** The diagnostics beside an index, in its order; null for an index that was built before there were any, or a broken file. */
export async function readRowDiagnostics(indexFile: string): Promise<RowDiagnosis[] | null> {
  const file = await readFile(diagnosticsFileOf(indexFile)).catch(() => null);
  if (file === null || file.length < 16 || file.toString('latin1', 0, 8) !== magic) return null;
  const [rows, idBytes] = [file.readUInt32LE(8), file.readUInt32LE(12)];
  const body = new Uint8Array(file.subarray(16)).buffer;
  if (body.byteLength !== 12 * rows + 4 * (rows + 1) + idBytes) return null;
  const floats = (at: number): Float32Array => new Float32Array(body, 4 * at * rows, rows);
  const [losses, gradientNorms, selfInfluences] = [floats(0), floats(1), floats(2)];
  const offsets = new Uint32Array(body, 12 * rows, rows + 1);
  const utf8 = new Uint8Array(body, 12 * rows + 4 * (rows + 1));
  return Array.from({ length: rows }, (_, row) => ({
    exampleId: idAt({ offsets, utf8 }, row),
    loss: losses[row]!,
    gradientNorm: gradientNorms[row]!,
    selfInfluence: selfInfluences[row]!,
  }));
}
