import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ModelConfigError } from './config.ts';

/** What a checkpoint's authors propose for sampling; null where they say nothing. */
export type GenerationDefaults = {
  /** 0 where the authors ask for greedy decoding. */
  temperature: number | null;
  topP: number | null;
  topK: number | null;
  repetitionPenalty: number | null;
  /** Tokens after which an answer is over, of generation_config.json and config.json together. */
  eosTokenIds: number[];
};

/**
 * Reads `generation_config.json`, which may be missing, and the end tokens of `config.json`.
 *
 * @throws ModelConfigError if the file is no JSON object or a value is out of its range
 */
export async function readGenerationDefaults(modelDir: string): Promise<GenerationDefaults> {
  const [generation, config] = await Promise.all(
    ['generation_config.json', 'config.json'].map((name) => readFields(modelDir, name)),
  );
  const problems: string[] = [];
  const defaults = {
    temperature: generation!.do_sample === false ? 0 : numberOf(generation!, 'temperature', 0, problems),
    topP: numberOf(generation!, 'top_p', 0, problems, 1),
    topK: numberOf(generation!, 'top_k', 0, problems),
    repetitionPenalty: numberOf(generation!, 'repetition_penalty', 0, problems),
    eosTokenIds: [...new Set([...idsOf(generation!.eos_token_id), ...idsOf(config!.eos_token_id)])],
  };
  if (problems.length > 0) throw new ModelConfigError(problems);
  return defaults;
}

async function readFields(modelDir: string, name: string): Promise<Record<string, unknown>> {
  const text = await readFile(join(/*turbopackIgnore: true*/ modelDir, name), 'utf8').catch(() => '{}');
  try {
    const json: unknown = JSON.parse(text);
    if (typeof json === 'object' && json !== null) return json as Record<string, unknown>;
  } catch (cause) {
    throw new ModelConfigError([`${name} is not JSON.`], { cause });
  }
  throw new ModelConfigError([`${name} is not a JSON object.`]);
}

function numberOf(
  fields: Record<string, unknown>,
  name: string,
  min: number,
  problems: string[],
  max = Number.POSITIVE_INFINITY,
): number | null {
  const value = fields[name] ?? null;
  if (value === null || (typeof value === 'number' && value >= min && value <= max)) return value;
  problems.push(`generation_config.json: ${name} is ${JSON.stringify(value)}, out of its range.`);
  return null;
}

function idsOf(value: unknown): number[] {
  return (Array.isArray(value) ? value : [value]).filter((id): id is number => Number.isSafeInteger(id));
}
