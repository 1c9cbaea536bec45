import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AttributionIndex } from '#lib/engine/attribution/attribution-index.ts';
import { AttributionService, type ModelPlace } from '#lib/engine/attribution/attribution-service.ts';
import { bytesPerRowMax } from '#lib/engine/attribution/choose-sketch.ts';
import { evidenceQuarters } from '#lib/engine/attribution/credit-quarters.ts';
import { loadAdaptedModel } from '#lib/engine/attribution/gradient-source.ts';
import { noiseCut } from '#lib/engine/attribution/noise-cut.ts';
import type { Codes } from '#lib/engine/attribution/quantise.ts';
import { readIndex } from '#lib/engine/attribution/read-index.ts';
import { scanRows } from '#lib/engine/attribution/scan.ts';
import { loadBaseModel } from '#lib/engine/train/base-model.ts';
import { adaptedNano } from '../attribution/adapted-nano.ts';
import { type AnswerCost, answerCost } from '../attribution/answer-cost.ts';
import { measureAnswerPasses } from '../attribution/answer-passes.ts';
import { measureBuild } from '../attribution/index-build.ts';
import { recordAnswer } from '../attribution/record-answer.ts';
import { measureSpansScale } from '../attribution/spans.ts';
import { writeSyntheticIndex } from '../attribution/synthetic-index.ts';
import { syntheticExamples } from '../attribution/synthetic-rows.ts';
import type { BenchContext } from '../main.ts';
import { costOf, interleave, median } from '../measure.ts';

export const description =
  'attribution of a 400-token answer over 1k to 1M rows: scan, cut, whole record, index size and build';

const sizes = [1000, 10_000, 100_000, 1_000_000];
const builtRows = 400;
const recordsMeasured = 20;

export async function run(context: BenchContext): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'attribution-scale-'));
  try {
    const examples = syntheticExamples(builtRows);
    const { epochCpuSeconds, ...place } = await adaptedNano(folder, examples);
    const more = syntheticExamples(sizes[0]!);
    await measureBuild(context, place, { folder, examples, epochCpuSeconds, more, sizes: sizes.slice(1) });
    const answer = await answerCost(place, context.rounds);
    context.log(`an answer of 400 tokens: ${ms(answer.alone)} CPU alone, ${ms(answer.ofEight)} as one of eight`);
    await measureAnswerPasses(context, place, answer);
    for (const rows of sizes.filter((size) => size <= (context.rowsMax ?? Number.POSITIVE_INFINITY))) {
      const file = join(folder, `${rows}.index`);
      await writeSyntheticIndex(
        file,
        await loadAdaptedModel(await loadBaseModel(place.modelDir), place.adapterDir),
        rows,
      );
      await measureScan(context, file, rows);
      await measureRecord(context, place, file, rows, answer);
      await rm(file);
    }
  } finally {
    await rm(folder, { recursive: true });
  }
  await measureSpansScale(context);
}

async function measureScan({ emit, log, rounds }: BenchContext, file: string, rows: number): Promise<void> {
  const { size } = await stat(file);
  let index: AttributionIndex | null = null;
  const { wall } = await costOf(async () => {
    index = await readIndex(file);
  });
  const { shards, header } = index!;
  log(
    `${rows} rows: ${header.layers.length} layers, ${header.dims} codes, ${size} bytes, read and hashed in ${ms(wall)}`,
  );
  const target = { atMost: bytesPerRowMax(rows) };
  emit({ case: `${rows} rows: whole index file`, value: size / rows, unit: 'bytes/row', target });
  const scanned = { shards, count: header.rows, dims: header.dims, shift: header.packed?.shift };
  const queries = Array.from({ length: 8 }, (_, query) => syntheticQuery(header.dims, query));
  const [scores] = scanRows(scanned, queries.slice(0, 1));
  const { one, eight, cut } = await interleave(
    {
      one: () => scanRows(scanned, queries.slice(0, 1)),
      eight: () => scanRows(scanned, queries),
      cut: () => noiseCut(scores!, evidenceQuarters),
    },
    rounds,
  );
  const million = rows === 1_000_000 ? { target: { atMost: 300 } } : {};
  emit({ case: `${rows} rows: scan`, value: one.cpuSeconds * 1000, unit: 'cpu-ms', ...million });
  emit({ case: `${rows} rows: scan, wall clock`, value: one.wallSeconds * 1000, unit: 'ms', ...million });
  emit({ case: `${rows} rows: scan, one of 8 queries`, value: (eight.cpuSeconds / 8) * 1000, unit: 'cpu-ms' });
  emit({ case: `${rows} rows: noise cut`, value: cut.cpuSeconds * 1000, unit: 'cpu-ms' });
}

/** From the logged tokens to the signed receipt, in the attribution thread's own service; the database is not in it. */
async function measureRecord(
  { emit, log }: BenchContext,
  place: ModelPlace,
  indexFile: string,
  rows: number,
  { alone, ofEight, answers }: AnswerCost,
): Promise<void> {
  const service = new AttributionService(1);
  const costs: { cpu: number; wall: number }[] = [];
  let counted = 0;
  for (let i = -1; i < recordsMeasured; i++) {
    const answer = answers[(i + answers.length) % answers.length]!;
    const cost = await costOf(async () => {
      const { body } = await recordAnswer(await service.score({ ...place, indexFile, ...answer }));
      counted = body.attribution.rows.length;
    });
    if (i >= 0) costs.push(cost);
  }
  await service.release();
  const cpu = median(costs.map((cost) => cost.cpu));
  log(`${rows} rows: ${counted} rows over the cut; record median ${ms(median(costs.map(({ wall }) => wall)))} wall`);
  const million = rows === 1_000_000 ? { target: { atMost: 900 } } : {};
  const [wallP95, cpuP95] = [p95(costs.map(({ wall }) => wall)), p95(costs.map((cost) => cost.cpu))];
  emit({ case: `${rows} rows: whole record, p95`, value: cpuP95 * 1000, unit: 'cpu-ms', ...million });
  emit({ case: `${rows} rows: whole record, p95, wall clock`, value: wallP95 * 1000, unit: 'ms', ...million });
  const target = rows === 100_000 ? { target: { atMost: 0.1 } } : {};
  const figure = { value: cpu * 1000, unit: 'cpu-ms' };
  const peer = (name: string, seconds: number) => ({ peer: { name, value: seconds * 1000 } });
  emit({ case: `${rows} rows: whole record`, ...figure, ...peer('the answer, served alone', alone), ...target });
  emit({ case: `${rows} rows: whole record`, ...figure, ...peer('the answer, one of eight', ofEight) });
}

function p95(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.ceil(0.95 * values.length) - 1]!;
}

function syntheticQuery(dims: number, query: number): Codes {
  return { codes: Int8Array.from({ length: dims }, (_, i) => ((i * 37 + query * 101) % 255) - 127), scale: 2 ** 20 };
}

function ms(seconds: number): string {
  return `${(seconds * 1000).toFixed(0)} ms`;
}
