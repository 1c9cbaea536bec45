import { join } from 'node:path';
import { GenerationEngine } from '#lib/engine/serving/generation-engine.ts';
import { createRandom } from '#lib/engine/train/random.ts';

/** What one process measured. */
export type RegisteredFigures = { tokens: number; cpuSeconds: number; rssBytes: number; hits: number; misses: number };

/**
 * A process of its own, so that its memory is the server's: `node serve-registered.ts <modelDir> <adaptersDir> <count>
 * <threads> <cacheBytes>` answers requests for adapters drawn evenly from `count` registered ones, 16 at a time.
 */
const [modelDir, adaptersDir, count, threads, cacheBytes] = process.argv.slice(2);
const requests = 384;
const tokensEach = 32;

const engine = await GenerationEngine.open({
  modelDir: modelDir!,
  threads: Number(threads),
  maxSlots: 16,
  maxQueued: requests,
  adapterCacheBytes: Number(cacheBytes),
});
const random = createRandom('registered');
const draw = (): string => `adapter-${Math.floor(random() * Number(count))}`;
await answerAll(Array.from({ length: 32 }, draw));
const before = await engine.metrics();
const start = process.cpuUsage();
const tokens = await answerAll(Array.from({ length: requests }, draw));
const { user, system } = process.cpuUsage(start);
const { adapters } = await engine.metrics();
const figures: RegisteredFigures = {
  tokens,
  cpuSeconds: (user + system) / 1e6,
  rssBytes: process.memoryUsage.rss(),
  hits: adapters.hitsTotal - before.adapters.hitsTotal,
  misses: adapters.missesTotal - before.adapters.missesTotal,
};
console.log(JSON.stringify(figures));
await engine.close();

async function answerAll(ids: readonly string[]): Promise<number> {
  const counts = await Promise.all(
    ids.map(async (id, i) => {
      const adapter = { id, dir: join(adaptersDir!, id) };
      const request = { messages: [], promptIds: [300 + i, 301, 302], maxTokens: tokensEach, temperature: 0, topP: 1 };
      let count = 0;
      for await (const event of engine.generate({ ...request, adapter })) if (event.type === 'token') count++;
      return count;
    }),
  );
  return counts.reduce((sum, count) => sum + count, 0);
}
