import type { TrainingRecipe } from './schema.ts';
import type { BaseModelInfo, RunEstimate } from './types.ts';

/** What is known about data, base and machine before a run. */
export type EstimateBasis = {
  base: Pick<BaseModelInfo, 'name' | 'contextTokens' | 'shape'>;
  /** Characters of each training row, prompt and answer together. */
  trainChars: number[];
  heldOutRows: number;
  /** Tokens of one pass as an earlier run of this version on this base counted them; null when there was none. */
  countedTokens: number | null;
  charsPerToken: number;
  tokensPerSecond: number;
  speedFrom: RunEstimate['speedFrom'];
  /** Compiling, measuring and indexing around the steps. */
  overheadSeconds: number;
};

/** Beginning, end and role markers of a row in the chat format. */
const markerTokens = 6;

/** Tokens, steps, time, size and cost of a run, and in words what does not fit. Pure. */
export function calculateEstimate(basis: EstimateBasis, recipe: TrainingRecipe): RunEstimate {
  const longest = Math.min(recipe.maxSeqLength, basis.base.contextTokens);
  const rowTokens = basis.trainChars.map((chars) => Math.ceil(chars / basis.charsPerToken) + markerTokens);
  const byCharacters = rowTokens.reduce((sum, tokens) => sum + Math.min(tokens, longest), 0);
  const tokens = basis.countedTokens ?? byCharacters;
  const trainRows = rowTokens.length;
  // Packed, rows fill lines of the longest length nearly to the end.
  const lines = recipe.packing ? Math.ceil(tokens / longest) : trainRows;
  const steps = Math.ceil(Math.ceil(lines / recipe.batchSize) / recipe.accumulationSteps) * recipe.epochs;
  const parameters = adapterParameters(basis.base.shape, recipe.lora);
  const estimate = {
    trainRows,
    heldOutRows: basis.heldOutRows,
    tokens,
    tokensFrom: basis.countedTokens === null ? ('characters' as const) : ('counted' as const),
    steps,
    seconds: Math.ceil(basis.overheadSeconds + (tokens * recipe.epochs) / basis.tokensPerSecond),
    tokensPerSecond: Math.round(basis.tokensPerSecond),
    speedFrom: basis.speedFrom,
    trainableParameters: parameters,
    adapterBytes: parameters * 4, // F32 in adapter_model.safetensors
    rowsCut: rowTokens.filter((count) => count > longest).length,
    costWei: 0n, // this server trains for nothing; docs/adr says when that changes
  };
  return { ...estimate, notes: fitNotes(estimate, recipe, basis.base) };
}

/** Elements of LoRA's A [r, in] and B [out, r] over the targeted linear layers of a Llama. */
export function adapterParameters(
  shape: BaseModelInfo['shape'],
  lora: Pick<TrainingRecipe['lora'], 'r' | 'targetModules'>,
) {
  const { hidden, intermediate, heads, keyValueHeads, headDim, layers } = shape;
  const widths: Record<TrainingRecipe['lora']['targetModules'][number], number> = {
    q_proj: hidden + heads * headDim,
    k_proj: hidden + keyValueHeads * headDim,
    v_proj: hidden + keyValueHeads * headDim,
    o_proj: hidden + heads * headDim,
    gate_proj: hidden + intermediate,
    up_proj: hidden + intermediate,
    down_proj: hidden + intermediate,
  };
  return layers * lora.r * lora.targetModules.reduce((sum, name) => sum + widths[name], 0);
}

function fitNotes(
  estimate: Pick<RunEstimate, 'rowsCut' | 'trainRows' | 'heldOutRows' | 'steps'>,
  recipe: TrainingRecipe,
  base: EstimateBasis['base'],
): string[] {
  const notes: string[] = [];
  if (recipe.maxSeqLength > base.contextTokens)
    notes.push(
      `${base.name} reads at most ${base.contextTokens} tokens at once, so rows are cut there, not at ${recipe.maxSeqLength}.`,
    );
  if (estimate.rowsCut > 0)
    notes.push(
      `About ${estimate.rowsCut} of ${estimate.trainRows} rows are longer than the limit; what stands after it is not learnt.`,
    );
  if (estimate.heldOutRows < 5)
    notes.push(
      `Only ${estimate.heldOutRows} rows are held out, so the measured gain is rough. More rows make it reliable.`,
    );
  if (estimate.steps < 20)
    notes.push(`${estimate.steps} steps are few; the adapter may learn little. Choose more passes or a smaller batch.`);
  return notes;
}
