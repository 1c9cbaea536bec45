import { GenerationEngine } from '#lib/engine/serving/generation-engine.ts';
import { peakMemoryBytes } from '../peak-memory.ts';
import { answerWithEngine } from './answers.ts';

/**
 * A process that serves and nothing else: `node serve-once.ts <modelDir> <threads> <adapterDir>...` answers with all
 * adapters at once and prints its resident memory, now and at its highest, in bytes.
 */
const [modelDir, threads, ...dirs] = process.argv.slice(2);
const engine = await GenerationEngine.open({ modelDir: modelDir!, threads: Number(threads), maxSlots: 16 });
const opened = peakMemoryBytes();
await answerWithEngine(
  engine,
  dirs.map((dir) => ({ id: dir, dir })),
  32,
);
const { memory } = await engine.metrics();
console.log(JSON.stringify({ opened, rss: process.memoryUsage.rss(), peak: peakMemoryBytes(), memory }));
await engine.close();
