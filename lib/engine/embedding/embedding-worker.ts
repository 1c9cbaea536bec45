import { parentPort, workerData } from 'node:worker_threads';
import type { EmbeddingAnswer } from './embedding-engine.ts';
import { EmbeddingService, type EmbedInput } from './embedding-service.ts';

/** Thread entry of embedding-engine.ts: one request after the other. */
const { modelDir, threads } = workerData as { modelDir: string; threads: number };
const service = EmbeddingService.open(modelDir, threads);
service.catch(() => {}); // told with the first request
let last: Promise<unknown> = Promise.resolve();

parentPort!.on('message', ({ id, input }: { id: number; input: EmbedInput }) => {
  last = last.then(async () => {
    let answer: EmbeddingAnswer;
    try {
      answer = { id, vectors: await (await service).embed(input) };
    } catch (error) {
      const { name, message, code } = error as Error & { code?: string };
      answer = { id, failure: { name, message, code } };
    }
    parentPort!.postMessage(answer);
  });
});
