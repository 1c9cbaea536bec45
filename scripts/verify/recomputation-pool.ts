import { realpath } from 'node:fs/promises';
import { openRecomputation, type RecomputationPlace } from '#worker/recomputation.ts';

type Open = ReturnType<typeof openRecomputation>;

/** One engine for all receipts of the same files: loading a base and compiling its graphs takes longer than a gradient. */
export function openRecomputationPool(threads: number) {
  const open = new Map<string, Open>();
  return {
    async get(place: Omit<RecomputationPlace, 'threads'>): Promise<Open> {
      const [modelDir, adapterDir, indexFile] = await Promise.all(
        [place.modelDir, place.adapterDir, place.indexFile].map((path) => realpath(path)),
      );
      const real = { modelDir: modelDir!, adapterDir: adapterDir!, indexFile: indexFile!, threads };
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
