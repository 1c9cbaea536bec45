import { bfloatBitsFromFloats, halfBitsFromFloats } from './half-float.ts';
import type { FloatDtype } from './safetensors-reader.ts';

/** Bytes of one number. */
export const floatBytes: Readonly<Record<FloatDtype, number>> = { F32: 4, F16: 2, BF16: 2 };

/**
 * Little-endian bytes of float32 numbers in a storage dtype. F32 gives a view, nothing is copied.
 *
 * @throws RangeError if a finite number does not fit F16, which would store infinity
 */
export function encodeFloats(data: Float32Array, dtype: FloatDtype): Uint8Array {
  if (dtype === 'F32') return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  if (dtype === 'BF16') return new Uint8Array(bfloatBitsFromFloats(data).buffer);
  const overflow = data.find((value) => Math.abs(value) >= 65520 && Number.isFinite(value));
  if (overflow !== undefined) throw new RangeError(`${overflow}, too large for F16`);
  return new Uint8Array(halfBitsFromFloats(data).buffer);
}
