import type { TrainingSpeed } from './find-speed.ts';
import { gradientsPerRow } from './index-gradients.ts';
import type { TrainingRecipe } from './schema.ts';
import type { BaseModelInfo, ExpectedGain, RunEstimate, TrainingCheck } from './types.ts';

/** What is known about data, base and machine before a run. */
export type EstimateBasis = {
  base: Pick<BaseModelInfo, 'name' | 'contextTokens' | 'shape'>;
  /** The trainer's own count; null when it did not answer, and the three below count instead. */
  check: TrainingCheck | null;
  /** Characters of each training row, prompt and answer together. */
  trainChars: number[];
  heldOutRows: number;
  /** Tokens of one pass as an earlier run of this version on this base counted them; null when there was none. */
  countedTokens: number | null;
  charsPerToken: number;
  speed: TrainingSpeed;
  gain: ExpectedGain | null;
};

/** Beginning, end and role markers of a row in the chat format. */
const markerTokens = 6;

/** Tokens, steps, time, size, memory and cost of a run, and in words what does not fit. Pure. */
export function calculateEstimate(basis: EstimateBasis, recipe: TrainingRecipe): RunEstimate {
  const { check, speed, base, gain } = basis;
  const longest = Math.min(recipe.maxSeqLength, base.contextTokens);
  const counted = check ?? countByCharacters(basis, longest);
  const { trainRows, heldOutRows, tokens } = counted;
  // Packed, rows fill lines of the longest length nearly to the end.
  const lines = recipe.packing ? Math.ceil(tokens / longest) : (check?.rowsPerPass ?? trainRows);
  const steps = Math.ceil(Math.ceil(lines / recipe.batchSize) / recipe.accumulationSteps) * recipe.epochs;
  const parameters = adapterParameters(base.shape, recipe.lora);
  const measuredRows = recipe.evalRows > 0 ? Math.min(recipe.evalRows, heldOutRows) : heldOutRows;
  const measurements = Math.ceil(steps / recipe.evalEverySteps); // after the base's, which is part of the set-up
  const seconds =
    speed.setupSeconds +
    (tokens * recipe.epochs) / speed.tokensPerSecond +
    measurements * measuredRows * speed.secondsPerMeasuredRow +
    tokens * gradientsPerRow(trainRows) * speed.indexSecondsPerToken;
  const estimate = {
    trainRows,
    heldOutRows,
    tokens,
    tokensFrom: check || basis.countedTokens !== null ? ('counted' as const) : ('characters' as const),
    trainedTokens: tokens * recipe.epochs,
    steps,
    seconds: Math.ceil(seconds),
    tokensPerSecond: Math.round(speed.tokensPerSecond),
    speedFrom: speed.from,
    trainableParameters: parameters,
    adapterBytes: parameters * 4, // F32 in adapter_model.safetensors
    gain,
    check,
  };
  return { ...estimate, notes: fitNotes(estimate, counted, recipe, base), blocked: whyBlocked(check) };
}

type Counted = Pick<TrainingCheck, 'trainRows' | 'heldOutRows' | 'tokens' | 'heldOutTokens' | 'cutRows'> &
  Partial<TrainingCheck>;

function countByCharacters(basis: EstimateBasis, longest: number): Counted {
  const rowTokens = basis.trainChars.map((chars) => Math.ceil(chars / basis.charsPerToken) + markerTokens);
  const byCharacters = rowTokens.reduce((sum, tokens) => sum + Math.min(tokens, longest), 0);
  const tokens = basis.countedTokens ?? byCharacters;
  return {
    trainRows: rowTokens.length,
    heldOutRows: basis.heldOutRows,
    tokens,
    heldOutTokens: Math.round((tokens / Math.max(1, rowTokens.length)) * basis.heldOutRows),
    cutRows: rowTokens.filter((count) => count > longest).length,
  };
}

/** What makes a start pointless: it would end in a failure that is known now. */
function whyBlocked(check: TrainingCheck | null): string | null {
  if (!check) return null;
  if (check.trainRows - check.unusableRows <= 0)
    return 'No row has an answer to learn from within the limit. Raise the longest row under Advanced, or choose other data.';
  if (check.memoryBytes > check.memoryFreeBytes)
    return `It will not fit: it needs ${gigabytes(check.memoryBytes)} of memory, the server has ${gigabytes(check.memoryFreeBytes)} free. A smaller batch or shorter rows need less.`;
  return null;
}

const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(1)} GB`;

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
  estimate: Pick<RunEstimate, 'trainRows' | 'heldOutRows' | 'steps'>,
  counted: Counted,
  recipe: TrainingRecipe,
  base: EstimateBasis['base'],
): string[] {
  const notes: string[] = [];
  const { cutRows, unusableRows = 0, copies = 0, overlapRows = 0 } = counted;
  if (recipe.maxSeqLength > base.contextTokens)
    notes.push(
      `${base.name} reads at most ${base.contextTokens} tokens at once, so rows are cut there, not at ${recipe.maxSeqLength}.`,
    );
  if (cutRows > 0)
    notes.push(
      `About ${cutRows} of ${estimate.trainRows} rows are longer than the limit; what stands after it is not learnt.`,
    );
  if (unusableRows > 0)
    notes.push(`About ${unusableRows} rows have no answer within the limit; nothing of them is learnt.`);
  if (copies > 0)
    notes.push(`${copies} rows copy older ones; they are left out, their credit stays with the older rows.`);
  if (overlapRows > 0)
    notes.push(
      `${overlapRows} of ${estimate.heldOutRows} held-out rows ask what a training row asks too, so the measured gain looks better than it is.`,
    );
  if (estimate.heldOutRows < 5)
    notes.push(
      `Only ${estimate.heldOutRows} rows are held out, so the measured gain is rough. More rows make it reliable.`,
    );
  if (estimate.steps < 20)
    notes.push(`${estimate.steps} steps are few; the adapter may learn little. Choose more passes or a smaller batch.`);
  return notes;
}
