import { AttributionIndexError } from './errors.ts';
import type { IndexFile } from './index-file.ts';
import type { IndexHeader } from './index-header.ts';
import { type RowForm, rowForm, unpackRow, unpackWidths } from './low-bits.ts';

/** Bytes of packed rows that are read at a time. */
const partBytes = 1 << 20;

/** How the rows of an index are packed; null where they are not. @throws AttributionIndexError if it has other features than it says */
export async function takeRowForm(
  file: IndexFile,
  { packed, dims, rows }: Pick<IndexHeader, 'packed' | 'dims' | 'rows'>,
): Promise<RowForm | null> {
  if (!packed) return null;
  // The scan divides by rows x 2^shift in 32 bits.
  if (!Number.isInteger(packed.shift) || packed.shift < 0 || rows * 2 ** packed.shift >= 2 ** 32) {
    throw new AttributionIndexError(`${file.path} shifts its scales by ${packed.shift} bits, which cannot be.`);
  }
  const form = rowForm(unpackWidths(await file.take(Math.ceil(packed.numbers / 4)), packed.numbers));
  if (form.positions.length !== dims) {
    throw new AttributionIndexError(`${file.path} keeps ${form.positions.length} features a row and says ${dims}.`);
  }
  return form;
}

/** Fills rows of `stride` bytes as the scan reads them. */
export async function fillUnpacked(
  file: IndexFile,
  form: RowForm,
  target: Uint8Array<ArrayBuffer>,
  stride: number,
): Promise<void> {
  const codes = new Int8Array(target.buffer, target.byteOffset, target.length);
  const scales = new DataView(target.buffer, target.byteOffset, target.length);
  const [rows, most] = [target.length / stride, Math.max(1, Math.floor(partBytes / form.bytes))];
  for (let first = 0; first < rows; first += most) {
    const count = Math.min(most, rows - first);
    const bytes = await file.take(count * form.bytes);
    for (let row = 0; row < count; row++) {
      const to = (first + row) * stride;
      scales.setUint32(to + stride - 4, unpackRow(bytes, row * form.bytes, form, codes, to), true);
    }
  }
}
