import { join, resolve } from 'node:path';
import { eq } from 'drizzle-orm';
import { datanets, datanetVersions } from '#db/schema/datanets.ts';
import { findCopiesInThread } from '#lib/engine/attribution/text-jobs.ts';
import { checkModelDir } from '#lib/engine/io/model-dir.ts';
import { renderChat, spellChat } from '#lib/engine/tokenizer/chat.ts';
import type { Tokenizer } from '#lib/engine/tokenizer/tokenizer.ts';
import { timeBucket } from '#lib/engine/train/batches.ts';
import { estimateMemory } from '#lib/engine/train/estimate-memory.ts';
import { completeRecipe } from '#lib/engine/train/recipe.ts';
import { chooseTrainingSet, type TrainingSet } from '#lib/model-factory/choose-training-set.ts';
import { readVersionRows } from '#lib/model-factory/read-version-rows.ts';
import type { EstimateRunInput } from '#lib/model-factory/schema.ts';
import type { TrainingRow } from '#lib/model-factory/training-engine.ts';
import type { TrainingCheck } from '#lib/model-factory/types.ts';
import type { Deps } from '#lib/platform/deps.ts';

/** Rows whose tokens are counted, evenly chosen; the sums of a larger version are scaled from them. */
const countedMax = 2_000;
const shownPrompts = 5;
/** Rows between two pauses, so that answers which stream meanwhile do not stand still. */
const rowsBetweenPauses = 40;
const bucketEnds = [16, 32, 48, 64, 96, 128, 192, 256, 384, 512, 1024, 2048, 4096, 8192];

/**
 * What the trainer would see of a version: rows as the base's own template and tokenizer write them, which of them are cut,
 * copies, overlap of training and held-out rows, and the memory that a run needs. Nothing is written. The web server has asked
 * whether its caller may read the rows.
 */
export async function checkTraining(
  deps: Pick<Deps, 'db' | 'store' | 'env'>,
  input: EstimateRunInput,
): Promise<TrainingCheck> {
  const { config, tokenizer } = await checkModelDir(join(resolve(deps.env.MODELS_DIR), input.baseModel));
  const recipe = completeRecipe(input.recipe);
  const set = await rememberedSet(deps, input.versionId);
  const limit = Math.min(recipe.maxSeqLength, config.max_position_embeddings);
  const options = { limit, learnsAll: recipe.lossOn === 'all' };
  const train = await countRows(tokenizer, set.train, options);
  const heldOut = await countRows(tokenizer, set.heldOut, options);
  const longest = Math.min(Math.max(...train.lengths, ...heldOut.lengths), limit);
  const time = recipe.packing ? limit : timeBucket(longest, config.max_position_embeddings);
  return {
    trainRows: set.train.length,
    heldOutRows: set.heldOut.length,
    copies: set.copies.length,
    countedRows: train.lengths.length,
    tokens: train.tokens,
    heldOutTokens: heldOut.tokens,
    longestTokens: Math.max(...train.lengths),
    histogram: histogramOf(train.lengths),
    cutRows: train.cut,
    unusableRows: train.unusable,
    overlapRows: countOverlap(set),
    prompts: showPrompts(tokenizer, set.train, limit),
    memoryBytes: Math.round(estimateMemory(config, recipe, time)),
    memoryFreeBytes: process.availableMemory(),
  };
}

type Counted = { lengths: number[]; tokens: number; cut: number; unusable: number };

async function countRows(
  tokenizer: Tokenizer,
  rows: readonly TrainingRow[],
  { limit, learnsAll }: { limit: number; learnsAll: boolean },
): Promise<Counted> {
  const chosen = evenly(rows, countedMax);
  const scale = chosen.length > 0 ? rows.length / chosen.length : 0;
  const lengths: number[] = [];
  let [tokens, cut, unusable] = [0, 0, 0];
  for (const [i, { messages }] of chosen.entries()) {
    if (i % rowsBetweenPauses === 0) await new Promise(setImmediate);
    const { ids, lossMask } = renderChat(tokenizer, messages);
    lengths.push(ids.length);
    if (ids.length > limit) cut++;
    if (!learnsAll && !lossMask.slice(1, limit).includes(1)) unusable++;
    else tokens += Math.min(ids.length, limit) - 1; // as the trainer counts: the first token is told from nothing
  }
  const whole = (count: number) => Math.round(count * scale);
  return { lengths, tokens: whole(tokens), cut: whole(cut), unusable: whole(unusable) };
}

function evenly<T>(rows: readonly T[], most: number): readonly T[] {
  if (rows.length <= most) return rows;
  return Array.from({ length: most }, (_, i) => rows[Math.floor((i * rows.length) / most)]!);
}

function histogramOf(lengths: readonly number[]): TrainingCheck['histogram'] {
  const longest = Math.max(...lengths);
  const ends = bucketEnds.slice(0, bucketEnds.findIndex((end) => end >= longest) + 1 || bucketEnds.length);
  return ends.map((upTo, i) => {
    const from = ends[i - 1] ?? 0;
    const isLast = i === ends.length - 1;
    return { upTo, rows: lengths.filter((length) => length > from && (length <= upTo || isLast)).length };
  });
}

const wordsOf = ({ messages }: TrainingRow) =>
  messages
    .filter(({ role }) => role !== 'assistant')
    .map(({ content }) => content.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ').trim())
    .join('\n');

/** Held-out rows whose question stands word for word in a training row too: what they measure was partly read. */
function countOverlap({ train, heldOut }: TrainingSet): number {
  const asked = new Set(train.map(wordsOf));
  return heldOut.filter((row) => wordsOf(row) !== '' && asked.has(wordsOf(row))).length;
}

/** Five rows exactly as the model will read them, special tokens spelled out. */
function showPrompts(tokenizer: Tokenizer, rows: readonly TrainingRow[], limit: number): TrainingCheck['prompts'] {
  return evenly(rows, shownPrompts).map(({ id, messages }) => {
    const { before, answer } = spellChat(tokenizer, messages);
    const tokens = renderChat(tokenizer, messages).ids.length;
    return { id, before, answer, tokens, isCut: tokens > limit };
  });
}

/** A wizard asks again with every change of the recipe; reading and comparing the rows is done once. */
const remembered = new Map<string, Promise<TrainingSet>>();
const rememberedMax = 4;

function rememberedSet(deps: Pick<Deps, 'db' | 'store'>, versionId: string): Promise<TrainingSet> {
  const known = remembered.get(versionId);
  if (known) return known;
  const set = readSet(deps, versionId);
  remembered.set(versionId, set);
  set.catch(() => remembered.delete(versionId));
  if (remembered.size > rememberedMax) remembered.delete(remembered.keys().next().value!);
  return set;
}

async function readSet(deps: Pick<Deps, 'db' | 'store'>, versionId: string): Promise<TrainingSet> {
  const [found] = await deps.db
    .select({ version: datanetVersions, fields: datanets.fields })
    .from(datanetVersions)
    .innerJoin(datanets, eq(datanets.id, datanetVersions.datanetId))
    .where(eq(datanetVersions.id, versionId));
  if (!found) throw Object.assign(new Error('no such version'), { code: 'not_found' });
  const rows = await readVersionRows(deps, found.version);
  const engine = { findCopies: findCopiesInThread };
  return chooseTrainingSet(engine, { rows, fields: found.fields, root: found.version.root as `0x${string}` });
}
