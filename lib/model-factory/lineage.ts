import type { datanetVersions } from '#db/schema/datanets.ts';
import type { adapters, trainingRuns } from '#db/schema/models.ts';
import { canonicalJson, type Json } from '#lib/kernel/canonical-json.ts';
import { datanetHeadsRoot, type ModelVersion } from '#lib/kernel/version-head.ts';
import { sha256 } from '#lib/platform/storage/content-address.ts';

type Hash = `0x${string}`;

/** The version that goes on chain, and the document whose parts its hashes commit to (canonical JSON). */
export type Lineage = { version: ModelVersion; document: string };

export type LineageInput = {
  run: Pick<
    typeof trainingRuns.$inferSelect,
    'id' | 'baseModel' | 'recipe' | 'seed' | 'forkedFromRunId' | 'forkedFromKey'
  >;
  adapter: Pick<typeof adapters.$inferSelect, 'sha256' | 'evalLoss' | 'baseEvalLoss'>;
  version: Pick<typeof datanetVersions.$inferSelect, 'root'>;
  /** Heads of the Datanets after their versions were accepted: one, or those of a mix's parts. */
  datanetHeads: readonly Hash[];
  heldOutIds: string[];
  license: string;
  /** Of a merge: the versions that it is made of, with their weights. */
  merged?: readonly MergedVersion[];
};

export type MergedVersion = { versionHash: Hash; weightPpm: number };

/** What the chain commits to for one training: each hash is over one part of the document, so anyone can recompute it. Pure. */
export function lineageOf(input: LineageInput): Lineage {
  const { adapter, datanetHeads, heldOutIds, license } = input;
  const train = trainConfigOf(input);
  const evaluation = {
    lossNatsPerToken: adapter.evalLoss.toFixed(9),
    baseLossNatsPerToken: adapter.baseEvalLoss.toFixed(9),
    heldOutHash: sha256(canonicalJson([...heldOutIds].sort())),
  };
  return {
    version: {
      baseVersion: 0,
      datanetHeadsRoot: datanetHeadsRoot(datanetHeads),
      trainConfigHash: sha256(canonicalJson(train)),
      adapterHash: adapter.sha256 as Hash,
      evalHash: sha256(canonicalJson(evaluation)),
      licenceHash: sha256(license),
    },
    document: canonicalJson({
      train,
      evaluation,
      datanetHeads: [...datanetHeads],
      adapterHash: adapter.sha256,
      license,
    }),
  };
}

/** What `trainConfigHash` is over, as canonical JSON: how the adapter was made. */
export function trainConfigOf({
  run,
  version,
  merged = [],
}: Pick<LineageInput, 'run' | 'version' | 'merged'>): Record<string, Json> {
  return {
    runId: run.id,
    baseModel: run.baseModel,
    recipe: numbersAsText(run.recipe),
    versionRoot: version.root,
    seed: run.seed,
    ...(run.forkedFromKey && { forkedFrom: { runId: run.forkedFromRunId, checkpoint: run.forkedFromKey } }),
    ...(merged.length > 0 && { merged: merged.map(({ versionHash, weightPpm }) => ({ versionHash, weightPpm })) }),
  };
}

/** Canonical JSON knows no floats: numbers travel as the shortest decimal text that reads back to the same number. */
function numbersAsText(value: unknown): Json {
  if (typeof value === 'number') return String(value);
  if (Array.isArray(value)) return value.map(numbersAsText);
  if (value !== null && typeof value === 'object')
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, numbersAsText(inner)]));
  return value as Json;
}
