import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findCopies } from '#lib/engine/attribution/clusters/find-copies.ts';
import { findSpans } from '#lib/engine/attribution/spans/find-spans.ts';
import { readSpanIndex } from '#lib/engine/attribution/spans/span-file.ts';
import type { SpanRow } from '#lib/engine/attribution/spans/span-index.ts';
import { writeSpanIndex } from '#lib/engine/attribution/spans/write-span-index.ts';
import type { BenchContext } from '../main.ts';
import { costOf, median } from '../measure.ts';
import { syntheticChats, syntheticTokens } from './synthetic-text.ts';

const rowTokens = 100;
const vocabulary = 4096;
const answerTokens = 300;

/**
 * Suffix index and copies at scale: build rate, bytes a token and the search of a 300-token answer at 1 M and 10 M tokens
 * (100 M with `--rows 1000000`: some 70 CPU seconds and 2 GB); copies among 1k, 10k and 100k rows.
 */
export async function measureSpansScale(context: BenchContext): Promise<void> {
  const rowsMax = context.rowsMax ?? 100_000;
  for (const tokens of [1e6, 1e7, 1e8].filter((size) => size <= rowsMax * rowTokens))
    await measureIndex(context, tokens);
  const perRow: number[] = [];
  for (const rows of [1000, 10_000, 100_000].filter((size) => size <= rowsMax)) {
    perRow.push(await measureCopies(context, rows));
  }
  if (perRow.length === 3) {
    const peer = { name: 'a row of 10,000', value: perRow[1]! };
    context.emit({
      case: 'copies: a row of 100,000',
      value: perRow[2]!,
      unit: 'cpu-us',
      peer,
      target: { atMost: 1.5 },
    });
  }
}

async function measureIndex({ emit, log, rounds }: BenchContext, tokens: number): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'spans-scale-'));
  const name = `${tokens / 1e6} M tokens`;
  try {
    const text = syntheticTokens(tokens, vocabulary, 'rows');
    const rows: SpanRow[] = Array.from({ length: tokens / rowTokens }, (_, row) => ({
      id: `ex_${String(row).padStart(24, '0')}`,
      tokens: text.subarray(row * rowTokens, (row + 1) * rowTokens),
    }));
    const file = join(folder, 'spans.index');
    let bytes = 0;
    const build = await costOf(async () => {
      bytes = (await writeSpanIndex(file, rows, vocabulary)).bytes;
    });
    emit({ case: `${name}: suffix index, build`, value: tokens / build.cpu / 1e6, unit: 'Mtokens/cpu-s' });
    emit({ case: `${name}: suffix index, file`, value: bytes / tokens, unit: 'bytes/token' });
    log(`${name}: built and written in ${build.wall.toFixed(1)} s wall, peak RSS ${peakMegabytes()} MB so far`);
    const read = await costOf(() => readSpanIndex(file));
    log(`${name}: read and hashed in ${read.wall.toFixed(2)} s wall`);
    const index = await readSpanIndex(file);
    const answers = Array.from({ length: 4 * rounds + 1 }, (_, i) =>
      Array.from(syntheticTokens(answerTokens, vocabulary, `answer ${i}`)),
    );
    const costs = [];
    for (const answer of answers) costs.push(await costOf(() => findSpans(index, answer)));
    const [cpu, wall] = [costs.slice(1).map((cost) => cost.cpu), costs.slice(1).map((cost) => cost.wall)];
    // Reference 5: spans of a 300-token answer within 50 ms.
    const target = { atMost: 50 };
    emit({
      case: `${name}: spans of a ${answerTokens}-token answer`,
      value: median(cpu) * 1000,
      unit: 'cpu-ms',
      target,
    });
    log(`${name}: ${(median(wall) * 1000).toFixed(1)} ms wall; ${findSpans(index, answers[0]!).length} spans found`);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** CPU microseconds a row. One row of ten is a near copy, one of a hundred an exact one. */
async function measureCopies({ emit, log }: BenchContext, rows: number): Promise<number> {
  const chats = syntheticChats(rows);
  let copies = 0;
  const { cpu, wall } = await costOf(() => {
    copies = findCopies(chats).length;
  });
  emit({ case: `copies among ${rows} rows`, value: cpu, unit: 'cpu-s' });
  log(`${rows} rows: ${copies} copies found in ${wall.toFixed(1)} s wall, peak RSS ${peakMegabytes()} MB so far`);
  return (cpu / rows) * 1e6;
}

function peakMegabytes(): number {
  return Math.round(process.resourceUsage().maxRSS / 1000);
}
