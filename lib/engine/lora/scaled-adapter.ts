import type { AdapterLayout } from './layout.ts';

/** theta of the adapter that does `strength` of what this one does: B A x is linear in B. */
export function scaledAdapter({ entries }: AdapterLayout, theta: Float32Array, strength: number): Float32Array {
  const scaled = theta.slice();
  for (const { part, offset, length } of entries) {
    if (part === 'B') for (let i = offset; i < offset + length; i++) scaled[i]! *= strength;
  }
  return scaled;
}
