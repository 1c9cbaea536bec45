import type { ComputeAggregates, ComputeStatus } from '#db/schema/compute.ts';
import type { TrainingRecipe } from '#lib/model-factory/schema.ts';

type Hex = `0x${string}`;

export type { ComputeAggregates, ComputeStatus };

/** A training on compute-only rows as owner and requester see it. */
export type ComputeJobView = {
  id: string;
  requestedBy: Hex;
  purpose: string;
  versionNumber: number;
  baseModel: string;
  recipe: TrainingRecipe;
  recipeHash: Hex;
  status: ComputeStatus;
  aggregates: ComputeAggregates | null;
  adapterSha256: Hex | null;
  error: string | null;
  createdAt: Date;
  endedAt: Date | null;
};

/** What the owner's worker gets: all it needs but the rows, which it asks for with the lease. */
export type ClaimedJob = {
  id: string;
  lease: string;
  leaseSeconds: number;
  baseModel: string;
  recipe: TrainingRecipe;
  versionRoot: Hex;
  fields: { name: string }[];
};
