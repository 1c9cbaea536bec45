import { SessionCache } from '../runtime/session-cache.ts';
import { type BaseModel, loadBaseModel } from '../train/base-model.ts';
import { type BuildIndexInput, type BuildProgress, type BuiltIndex, buildIndex } from './build-index.ts';
import { decodeCodes } from './encode-codes.ts';
import { type AdaptedModel, loadAdaptedModel } from './gradient-source.ts';
import { IndexCache } from './index-cache.ts';
import { type ProbeInfluenceInput, probeInfluence, type RowInfluence } from './probe-influence.ts';
import { type Answer, type QueryCodes, queryCodes } from './query-codes.ts';
import { type SubsetValues, type SubsetValuesInput, subsetValues } from './retrieval/subset-values.ts';
import { type InferenceScores, type ScoredAnswer, scoreInference } from './score-inference.ts';
import { type RowScores, scoreRows } from './score-rows.ts';

/** Folders and files are cached by path: give each version its own, as content-addressed storage does. */
export type ModelPlace = { modelDir: string; adapterDir: string };

export type IndexPlace = { indexFile: string };
export type RescoreInput = IndexPlace & { queryCodes: Uint8Array };

/** Room for two indexes of a million rows. */
const indexBytesMax = 2 ** 32;
const modelsMax = 16;
/** Compiled graphs, one for each length of answers and one for each share of it that carries loss: some 10 to 40 MB for a small base. */
const sessionsMax = 32;
/** For batches of rows, each several times as large. */
const buildSessionsMax = 16;

/** What the attribution thread does, with loaded bases, compiled graphs and recent indexes kept between calls. */
export class AttributionService {
  private readonly sessions: SessionCache;
  private readonly bases = new Map<string, Promise<BaseModel>>();
  private readonly models = new Map<string, Promise<AdaptedModel>>();
  private readonly indexes = new IndexCache(indexBytesMax);

  private readonly threads: number;

  constructor(threads: number) {
    this.threads = threads;
    this.sessions = new SessionCache(sessionsMax, { threads });
  }

  async buildIndex(input: BuildIndexInput & ModelPlace, progress: BuildProgress): Promise<BuiltIndex> {
    this.indexes.forget(input.outFile);
    const sessions = new SessionCache(buildSessionsMax, { threads: this.threads });
    try {
      return await buildIndex(await this.model(input), sessions, input, progress);
    } finally {
      await sessions.release();
    }
  }

  async score({ indexFile, ...answer }: ScoredAnswer & ModelPlace & IndexPlace): Promise<InferenceScores> {
    return scoreInference(await this.model(answer), this.sessions, await this.indexes.get(indexFile), answer);
  }

  /** The float step of `score` alone. */
  async queryCodes({ indexFile, ...answer }: Answer & ModelPlace & IndexPlace): Promise<QueryCodes> {
    return queryCodes(await this.model(answer), this.sessions, await this.indexes.get(indexFile), answer);
  }

  /** The integer steps of `score` alone: no model is needed. */
  async rescore({ indexFile, queryCodes: bytes }: RescoreInput): Promise<RowScores> {
    const index = await this.indexes.get(indexFile);
    return scoreRows(index, decodeCodes(bytes, index.header.dims));
  }

  async subsetValues(input: SubsetValuesInput & ModelPlace): Promise<SubsetValues> {
    return subsetValues(await this.model(input), this.sessions, input);
  }

  /** See `probeInfluence`. */
  async probeInfluence(
    input: ProbeInfluenceInput & ModelPlace & IndexPlace,
    isStopped: () => boolean,
  ): Promise<{ rows: RowInfluence[] }> {
    const index = await this.indexes.get(input.indexFile);
    return probeInfluence(await this.model(input), this.sessions, index, input, isStopped);
  }

  async release(): Promise<void> {
    await this.sessions.release();
  }

  private async model({ modelDir, adapterDir }: ModelPlace): Promise<AdaptedModel> {
    const base = await keep(this.bases, modelDir, () => loadBaseModel(modelDir));
    const model = keep(this.models, `${modelDir}\n${adapterDir}`, () => loadAdaptedModel(base, adapterDir));
    if (this.models.size > modelsMax) this.models.delete(this.models.keys().next().value!);
    return model;
  }
}

/** The kept promise, moved to the end of the map; a failed one is not kept. */
function keep<T>(map: Map<string, Promise<T>>, key: string, load: () => Promise<T>): Promise<T> {
  const value = map.get(key) ?? load();
  map.delete(key);
  map.set(key, value);
  value.catch(() => map.delete(key));
  return value;
}
