/**
 * How rotary frequencies are stretched beyond the context that a model was first trained on, by the names of Hugging
 * Face's `rope_scaling`. Other kinds are refused: their frequencies depend on the length of the sequence, or they
 * also rescale the attention.
 */
export type RopeScaling =
  | { rope_type: 'linear'; factor: number }
  | {
      rope_type: 'llama3';
      factor: number;
      low_freq_factor: number;
      high_freq_factor: number;
      original_max_position_embeddings: number;
    };

export type Rope = { rope_theta: number; rope_scaling: RopeScaling | null };

type Fields = Record<string, unknown>;

/**
 * Reads theta and scaling of a `config.json`: `rope_theta` and `rope_scaling`, or the one `rope_parameters` object in
 * which transformers 5 writes both.
 *
 * @param problems is told in one sentence each what is not supported; the returned value is then of no use
 */
export function parseRope(fields: Fields, problems: string[]): Rope {
  const parameters = isRecord(fields.rope_parameters) ? fields.rope_parameters : {};
  const scaling = isRecord(fields.rope_scaling) ? fields.rope_scaling : parameters;
  const rope_theta = parameters.rope_theta ?? fields.rope_theta ?? scaling.rope_theta ?? 10_000;
  if (!isPositive(rope_theta)) problems.push(`rope_theta is ${JSON.stringify(rope_theta)}, not a positive number`);
  const share = fields.partial_rotary_factor ?? scaling.partial_rotary_factor ?? 1;
  if (share !== 1) problems.push(`partial_rotary_factor ${JSON.stringify(share)} is not supported`);
  return { rope_theta: Number(rope_theta), rope_scaling: parseScaling(scaling, problems) };
}

function parseScaling(scaling: Fields, problems: string[]): RopeScaling | null {
  const type = scaling.rope_type ?? scaling.type ?? 'default';
  if (Object.values(scaling).some(isRecord))
    problems.push('rope_parameters that differ between layers are not supported');
  if (type === 'default') return null;
  const number = (name: string): number => {
    const value = scaling[name];
    if (!isPositive(value))
      problems.push(`the ${name} of rope_scaling is ${JSON.stringify(value)}, not a positive number`);
    return Number(value);
  };
  if (type === 'linear') return { rope_type: type, factor: number('factor') };
  if (type === 'llama3') {
    const llama3: RopeScaling = {
      rope_type: type,
      factor: number('factor'),
      low_freq_factor: number('low_freq_factor'),
      high_freq_factor: number('high_freq_factor'),
      original_max_position_embeddings: number('original_max_position_embeddings'),
    };
    if (!(llama3.low_freq_factor < llama3.high_freq_factor)) {
      problems.push('the low_freq_factor of rope_scaling is not below its high_freq_factor');
    }
    return llama3;
  }
  problems.push(`the rope_type ${JSON.stringify(type)} is not supported; default, linear and llama3 are`);
  return null;
}

/**
 * Radians per position of each pair of a head's dimensions: `width / 2` numbers, highest frequency first.
 * The llama3 rule (Llama 3.1, transformers `modeling_rope_utils.py`) leaves wavelengths that fitted the first context
 * often enough, divides those that did not by `factor`, and goes smoothly from one to the other between.
 */
export function rotaryFrequencies({ rope_theta, rope_scaling }: Rope, width: number): Float64Array {
  return Float64Array.from({ length: width / 2 }, (_, i) => {
    const frequency = rope_theta ** ((-2 * i) / width);
    if (rope_scaling === null) return frequency;
    const { factor } = rope_scaling;
    if (rope_scaling.rope_type === 'linear') return frequency / factor;
    const { low_freq_factor: low, high_freq_factor: high, original_max_position_embeddings: context } = rope_scaling;
    const turns = (context * frequency) / (2 * Math.PI);
    const kept = Math.min(1, Math.max(0, (turns - low) / (high - low)));
    return (1 - kept) * (frequency / factor) + kept * frequency;
  });
}

function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isPositive(value: unknown): value is number {
  return typeof value === 'number' && value > 0 && Number.isFinite(value);
}
