import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { weaveThreads } from '#components/playground/threads/weave-threads.ts';
import { AttributionService } from '#lib/engine/attribution/attribution-service.ts';
import { loadAdaptedModel } from '#lib/engine/attribution/gradient-source.ts';
import { SpanFinder } from '#lib/engine/attribution/spans/span-finder.ts';
import { writeSpanIndex } from '#lib/engine/attribution/spans/write-span-index.ts';
import { loadBaseModel } from '#lib/engine/train/base-model.ts';
import { answerPayout } from '#lib/kernel/answer-payout.ts';
import { adaptedNano } from '../attribution/adapted-nano.ts';
import { recordAnswer } from '../attribution/record-answer.ts';
import { writeSyntheticIndex } from '../attribution/synthetic-index.ts';
import { syntheticExamples } from '../attribution/synthetic-rows.ts';
import { syntheticTokens } from '../attribution/synthetic-text.ts';
import type { BenchContext } from '../main.ts';
import { costOf } from '../measure.ts';

export const description = 'from a complete 400-token answer to its threads and payout, 100,000 rows';

const answerTokens = 400;
const promptTokens = 100;
const rowTokens = 100;
const vocabulary = 4096;
const answersMeasured = 40;
/** The longest that somebody waits for a poll: the worker looks for jobs every 0.5 s, the browser for the receipt every 0.7 s. */
const pollsSeconds = 0.5 + 0.7;

/**
 * All that stands between an answer's last token and its threads on the screen but for database and network: scores of every
 * row, noise cut, signed receipt, verbatim spans, woven threads and payout. Wall clock, at the 95th percentile, with both polls
 * at their worst. The answer itself is on the screen all the while.
 */
export async function run({ emit, log, rowsMax }: BenchContext): Promise<void> {
  const rows = rowsMax ?? 100_000;
  const folder = await mkdtemp(join(tmpdir(), 'threads-'));
  try {
    const place = await adaptedNano(folder, syntheticExamples(64));
    const { modelDir } = place;
    const indexFile = join(folder, 'rows.index');
    const spansFile = join(folder, 'spans.index');
    await writeSyntheticIndex(indexFile, await loadAdaptedModel(await loadBaseModel(modelDir), place.adapterDir), rows);
    await writeSpans(spansFile, rows);
    const service = new AttributionService(1);
    const finder = new SpanFinder();
    const walls: number[] = [];
    let threads = 0;
    for (let i = -1; i < answersMeasured; i++) {
      const promptIds = [...syntheticTokens(promptTokens, vocabulary, `prompt ${i}`)];
      const completionIds = [...syntheticTokens(answerTokens, vocabulary, `answer ${i}`)];
      const { wall } = await costOf(async () => {
        const scores = await service.score({ ...place, indexFile, promptIds, completionIds });
        const { body } = await recordAnswer(scores);
        const { spans } = await finder.find({ modelDir, indexFile: spansFile, completionIds });
        answerPayout(body, null);
        threads += weaveThreads(spans, 'x'.repeat(Math.max(0, ...spans.map(({ endChar }) => endChar)))).length;
      });
      if (i >= 0)
        walls.push(wall); // the first one reads the indexes
      else log(`first answer after a start, indexes read from disk: ${(wall * 1000).toFixed(0)} ms wall`);
    }
    await service.release();
    const p95 = walls.toSorted((a, b) => a - b)[Math.ceil(0.95 * walls.length) - 1]!;
    log(
      `${(threads / answersMeasured).toFixed(1)} threads an answer; both polls at their worst ${pollsSeconds * 1000} ms`,
    );
    emit({ case: `${rows} rows: threads computed, p95, wall clock`, value: p95 * 1000, unit: 'ms' });
    const target = { atMost: 3000 };
    emit({ case: `${rows} rows: threads seen, p95`, value: (p95 + pollsSeconds) * 1000, unit: 'ms', target });
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function writeSpans(file: string, rows: number): Promise<void> {
  const text = syntheticTokens(rows * rowTokens, vocabulary, 'rows');
  const spanRows = Array.from({ length: rows }, (_, row) => ({
    id: `ex_${String(row).padStart(24, '0')}`,
    tokens: text.subarray(row * rowTokens, (row + 1) * rowTokens),
  }));
  await writeSpanIndex(file, spanRows, vocabulary);
}
