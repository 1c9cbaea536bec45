import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { GenerationEngine } from '#lib/engine/serving/generation-engine.ts';
import type { AdapterRef } from '#lib/engine/serving/types.ts';
import type { BenchContext } from '../main.ts';
import { costOf, median } from '../measure.ts';
import { answerWithEngine, openPeerBatch, openPeerStreams } from '../serve/answers.ts';
import { interleaveRates } from '../serve/rate.ts';
import { exportForPeer, shippedBase, writeAdapters, writeSmolLmShape } from '../serve/serving-models.ts';

export const description =
  'mixed-adapter serving against node-llama-cpp: streams, batches, residents, cold starts, memory';

const peerName = 'node-llama-cpp 3.22.1';
const residents = 1_000;

/** The whole engine is measured: thread, queue, schedule, sampling and stream, not the graph alone. */
export async function run(context: BenchContext): Promise<void> {
  const root = await mkdtemp(join(tmpdir(), 'engine-serve-'));
  try {
    await measureModel(context, 'shipped base', shippedBase, join(root, 'shipped'), 96);
    const large = await writeSmolLmShape(join(root, 'smol'));
    await measureModel(context, '135M shape', large, join(root, 'large'), 64);
    await measureMemory(context, large, join(root, 'large'));
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

async function measureModel(
  context: BenchContext,
  name: string,
  modelDir: string,
  root: string,
  tokens: number,
): Promise<void> {
  const adapters = await writeAdapters(modelDir, root, 16);
  const open = (): Promise<GenerationEngine> =>
    GenerationEngine.open({ modelDir, threads: context.threads, maxSlots: 16, adapterCacheBytes: 2 ** 33 });
  const engine = await open();
  await measureAgainstPeer(context, name, engine, await exportForPeer(modelDir, root, adapters), adapters, tokens);
  await measureColdStart(context, name, engine, adapters);
  const few = await open();
  await measureResidents(context, name, { few, many: engine }, adapters, tokens);
  await few.close();
  await engine.close();
}

async function measureAgainstPeer(
  { emit, log, rounds, threads }: BenchContext,
  name: string,
  engine: GenerationEngine,
  files: { modelPath: string; adapterPaths: string[] },
  adapters: readonly AdapterRef[],
  tokens: number,
): Promise<void> {
  const peer = await openPeerStreams(files.modelPath, files.adapterPaths, threads);
  // One after the other, two of the sixteen cost a token what all of them cost.
  const rates = await interleaveRates(
    {
      one: () => answerWithEngine(engine, [undefined], tokens),
      peerOne: () => peer.answer([0], tokens),
      adapted: () => answerWithEngine(engine, [adapters[0]], tokens),
      peerAdapted: () => peer.answer([1], tokens),
      mixed: () => answerWithEngine(engine, adapters, tokens),
      peerMixed: () => peer.answer([2, 3], tokens),
    },
    rounds,
  );
  const unit = 'tokens/cpu-s';
  const against = (value: number) => ({ name: peerName, value });
  emit({ case: `${name}: one stream`, value: rates.one, unit, peer: against(rates.peerOne), target: { atLeast: 1 } });
  emit({ case: `${name}: one stream with an adapter`, value: rates.adapted, unit, peer: against(rates.peerAdapted) });
  const mixed = { case: `${name}: 16 sequences, 16 adapters`, value: rates.mixed, unit };
  emit({ ...mixed, peer: against(rates.peerMixed), target: { atLeast: 4 } });
  const batch = await openPeerBatch(files.modelPath, files.adapterPaths[0]!, threads);
  const { shared } = await interleaveRates({ shared: () => batch.answer([...adapters.keys()], tokens) }, 1);
  log(`the peer's 16 sequences with one adapter in common, which it can batch: ${shared.toFixed(1)} ${unit}`);
  await batch.close();
  await peer.close();
}

/**
 * From submission to the first token: adapters that the engine has never seen against one that is in memory. In CPU time,
 * and in time on the clock, which on a busy machine is mostly the neighbours'.
 */
async function measureColdStart(
  { emit, rounds }: BenchContext,
  name: string,
  engine: GenerationEngine,
  [first]: readonly AdapterRef[],
): Promise<void> {
  const added = { cpu: [] as number[], wall: [] as number[] };
  for (let round = 0; round <= 3 * rounds; round++) {
    const warm = await costOf(() => firstToken(engine, first!));
    const cold = await costOf(() => firstToken(engine, { ...first!, id: `cold-${round}` }));
    if (round === 0) continue;
    added.cpu.push(1000 * (cold.cpu - warm.cpu));
    added.wall.push(1000 * (cold.wall - warm.wall));
  }
  const figure = { case: `${name}: cold adapter to first token, over warm`, target: { atMost: 50 } };
  emit({ ...figure, value: median(added.cpu), unit: 'cpu-ms' });
  emit({ ...figure, value: median(added.wall), unit: 'ms' });
}

async function firstToken(engine: GenerationEngine, adapter: AdapterRef): Promise<void> {
  const request = { messages: [], promptIds: [300, 301, 302, 303], maxTokens: 1, temperature: 0, topP: 1, adapter };
  for await (const event of engine.generate(request)) if (event.type === 'token') return;
}

/** Sixteen rows of sixteen adapters, once with no other adapter in memory and once with a thousand. */
async function measureResidents(
  { emit, rounds }: BenchContext,
  name: string,
  { few, many }: { few: GenerationEngine; many: GenerationEngine },
  adapters: readonly AdapterRef[],
  tokens: number,
): Promise<void> {
  const before = process.memoryUsage.rss();
  const { adapters: held } = await many.metrics();
  const added = residents - held.hot;
  for (let i = 0; i < added; i++) await many.prewarm({ ...adapters[i % adapters.length]!, id: `resident-${i}` });
  const perAdapter = (process.memoryUsage.rss() - before) / added;
  const [state] = await many.adapters();
  const one = adapters.map(() => adapters[0]);
  const rates = await interleaveRates(
    {
      many: () => answerWithEngine(many, adapters, tokens),
      few: () => answerWithEngine(few, one, tokens),
    },
    rounds,
  );
  const peer = { name: 'one resident adapter', value: rates.few };
  const figure = { case: `${name}: ${residents} resident adapters, 16 in the batch`, value: rates.many };
  emit({ ...figure, unit: 'tokens/cpu-s', peer, target: { atLeast: 0.97 } });
  emit({ case: `${name}: matrices of one adapter (q+v, rank 8)`, value: state!.sizeBytes / 1e6, unit: 'MB' });
  emit({ case: `${name}: resident memory of one adapter more`, value: perAdapter / 1e6, unit: 'MB' });
}

async function measureMemory({ emit, log, threads }: BenchContext, modelDir: string, root: string): Promise<void> {
  const dirs = Array.from({ length: 16 }, (_, i) => join(root, `adapter-${i}`));
  const script = new URL('../serve/serve-once.ts', import.meta.url).pathname;
  const child = await promisify(execFile)(process.execPath, [script, modelDir, String(threads), ...dirs]);
  const { rss, peak, opened, memory } = JSON.parse(child.stdout) as Record<'rss' | 'peak' | 'opened', number> & {
    memory: object;
  };
  const gigabytes = (bytes: number): number => bytes / 1e9;
  emit({
    case: '135M shape: resident memory, 16 adapters served',
    value: gigabytes(rss),
    unit: 'GB',
    target: { atMost: 1.5 },
  });
  emit({ case: '135M shape: highest resident memory', value: gigabytes(peak), unit: 'GB', target: { atMost: 1.5 } });
  log(`of which while opening ${gigabytes(opened).toFixed(2)} GB; ${JSON.stringify(memory)}`);
}
