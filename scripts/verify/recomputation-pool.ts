import { realpath } from 'node:fs/promises';
import { openRecomputation, type RecomputationPlace } from '#worker/recomputation.ts';

type Open = ReturnType<typeof openRecomputation>;

/**
 * One engine for all receipts of the same files: loading a base and compiling its graphs takes longer than a gradient. Each
 * computes with one thread, as the gateway does: with two the runtime may sum in another order, which moved one of a hundred
 * gradients by a last bit.
 */
export function openRecomputationPool() {
  const open = new Map<string, Open>();
  return {
    async get(place: RecomputationPlace): Promise<Open> {
      const [modelDir, adapterDir, indexFile] = await Promise.all(
        [place.modelDir, place.adapterDir, place.indexFile].map((path) => realpath(path)),
      );
      const real = { modelDir: modelDir!, adapterDir: adapterDir!, indexFile: indexFile! };
      const key = JSON.stringify(real);
      const found = open.get(key) ?? openRecomputation(real);
      open.set(key, found);
      return found;
    },
    async close(): Promise<void> {
      await Promise.all([...open.values()].map((one) => one.close()));
    },
  };
}
export type RecomputationPool = ReturnType<typeof openRecomputationPool>;
