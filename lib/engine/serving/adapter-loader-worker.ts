import { parentPort, workerData } from 'node:worker_threads';
import type { PreparedAdapter } from './adapter-slots.ts';
import { type ErrorMessage, toErrorMessage } from './errors.ts';
import { createAdapterLoader } from './load-adapter.ts';
import type { AdapterRef } from './types.ts';

export type LoadRequest = { id: number; ref: AdapterRef };
export type LoadReply = { id: number; adapter: PreparedAdapter } | { id: number; error: ErrorMessage };

/** Thread entry of `AdapterLoaderThread`. */
const load = await createAdapterLoader((workerData as { modelDir: string }).modelDir);

parentPort!.on('message', async ({ id, ref }: LoadRequest) => {
  try {
    const adapter = await load(ref);
    parentPort!.postMessage({ id, adapter } satisfies LoadReply, [adapter.data.buffer]);
  } catch (error) {
    parentPort!.postMessage({ id, error: toErrorMessage(error) } satisfies LoadReply);
  }
});
