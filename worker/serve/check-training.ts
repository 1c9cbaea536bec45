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
import { weightedReads } from '#lib/engine/train/rows-of-pass.ts';
import { rowsReadOnce, tenthsRange } from '#lib/kernel/mix-weights.ts';
import { chooseTrainingSet, type TrainingSet } from '#lib/model-factory/choose-training-set.ts';
import { readPartRows, readVersionRows } from '#lib/model-factory/read-version-rows.ts';
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
  const set = await rememberedSet(deps, input);
  const limit = Math.min(recipe.maxSeqLength, config.max_position_embeddings);
  const options = { limit, learnsAll: recipe.lossOn === 'all' };
  const train = await countRows(tokenizer, set.train, { ...options, epochs: recipe.epochs });
  const heldOut = await countRows(
    tokenizer,
    set.heldOut.map(({ id, messages }) => ({ id, messages })),
    { ...options, epochs: 1 },
  );
  const longest = Math.min(Math.max(...train.lengths, ...heldOut.lengths), limit);
  const time = recipe.packing ? limit : timeBucket(longest, config.max_position_embeddings);
  return {
    trainRows: set.train.length,
    rowsPerPass: rowsPerPass(set.train),
    parts: countParts(set, input),
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

type Chosen = Pick<EstimateRunInput, 'versionId' | 'parts'>;

/** Readings of a pass, as the trainer lays them out (lib/engine/train/rows-of-pass.ts). */
function rowsPerPass(rows: readonly TrainingRow[]): number {
  const parts = Map.groupBy(rows, ({ part }) => part);
  return [...parts.values()].reduce(
    (sum, own) => sum + rowsReadOnce(own.length, own[0]!.tenths ?? tenthsRange.once),
    0,
  );
}

/** Of a mix: what each part brings, and what of it stands in another part already. */
function countParts({ train, copies, partOf }: MixedSet, { parts = [] }: Chosen): TrainingCheck['parts'] {
  return parts.map(({ versionId, tenths }) => {
    const trainRows = train.filter(({ part }) => part === versionId).length;
    const copied = copies.filter(({ id }) => partOf.get(id) === versionId);
    return {
      ...{ versionId, trainRows, rowsPerPass: trainRows === 0 ? 0 : rowsReadOnce(trainRows, tenths) },
      copies: copied.length,
      copiesOfOthers: copied.filter(({ copyOf }) => partOf.get(copyOf) !== versionId).length,
    };
  });
}

type Counted = { lengths: number[]; tokens: number; cut: number; unusable: number };

async function countRows(
  tokenizer: Tokenizer,
  rows: readonly TrainingRow[],
  { limit, learnsAll, epochs }: { limit: number; learnsAll: boolean; epochs: number },
): Promise<Counted> {
  const chosen = evenly(rows, countedMax);
  const scale = chosen.length > 0 ? rows.length / chosen.length : 0;
  const lengths: number[] = [];
  const usable: { tokens: number; part?: string | undefined; tenths?: number | undefined }[] = [];
  let [cut, unusable] = [0, 0];
  for (const [i, { messages, part, tenths }] of chosen.entries()) {
    if (i % rowsBetweenPauses === 0) await new Promise(setImmediate);
    const { ids, lossMask } = renderChat(tokenizer, messages);
    lengths.push(ids.length);
    if (ids.length > limit) cut++;
    if (!learnsAll && !lossMask.slice(1, limit).includes(1)) unusable++;
    // As the trainer counts: the first token is told from nothing.
    else usable.push({ tokens: Math.min(ids.length, limit) - 1, part, tenths });
  }
  const whole = (count: number) => Math.round(count * scale);
  const counts = weightedReads(usable)?.countsUntil(epochs);
  const read = usable.reduce((sum, row, i) => sum + row.tokens * (counts?.[i] ?? epochs), 0);
  return { lengths, tokens: Math.ceil((read * scale) / epochs), cut: whole(cut), unusable: whole(unusable) };
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

/** `partOf`: of every row of a mix, copies too, the version that it stands in. */
type MixedSet = TrainingSet & { partOf: ReadonlyMap<string, string> };

/** A wizard asks again with every change of the recipe; reading and comparing the rows is done once. */
const remembered = new Map<string, Promise<MixedSet>>();
const rememberedMax = 4;

function rememberedSet(deps: Pick<Deps, 'db' | 'store'>, input: Chosen): Promise<MixedSet> {
  const key = JSON.stringify(input.parts ?? input.versionId);
  const known = remembered.get(key);
  if (known) return known;
  const set = readSet(deps, input);
  remembered.set(key, set);
  set.catch(() => remembered.delete(key));
  if (remembered.size > rememberedMax) remembered.delete(remembered.keys().next().value!);
  return set;
}

async function readSet(deps: Pick<Deps, 'db' | 'store'>, { versionId, parts }: Chosen): Promise<MixedSet> {
  const [found] = await deps.db
    .select({ version: datanetVersions, fields: datanets.fields })
    .from(datanetVersions)
    .innerJoin(datanets, eq(datanets.id, datanetVersions.datanetId))
    .where(eq(datanetVersions.id, versionId));
  if (!found) throw Object.assign(new Error('no such version'), { code: 'not_found' });
  const rows = parts ? await readPartRows(deps, parts) : await readVersionRows(deps, found.version);
  const engine = { findCopies: findCopiesInThread };
  const root = found.version.root as `0x${string}`;
  const set = await chooseTrainingSet(engine, { rows, fields: found.fields, root });
  return { ...set, partOf: new Map(rows.flatMap(({ id, from }) => (from ? [[id, from.versionId]] : []))) };
}
