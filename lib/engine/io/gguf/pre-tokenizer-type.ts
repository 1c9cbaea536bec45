import type { TokenizerFile, TokenizerStep } from './read-tokenizer-file.ts';
import { GgufExportError } from './write-gguf.ts';

const contractions = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";
const words = '[^\\r\\n\\p{L}\\p{N}]?\\p{L}+';
const rest = ' ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+';

/**
 * Split patterns of `tokenizer.json` by the name that llama.cpp has for them. The last one is our own: it is GPT-2's
 * but for digits, which it takes one by one. A vocabulary that was trained with it has no merge of two digits, so
 * GPT-2's pattern gives the same ids.
 */
const splitPatterns: Readonly<Record<string, string>> = {
  [`${contractions}|${words}|\\p{N}{1,3}|${rest}`]: 'llama-bpe',
  [`${contractions}|${words}|\\p{N}|${rest}`]: 'qwen2',
  "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+": 'gpt-2',
  "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+": 'gpt-2',
};

/**
 * What llama.cpp calls the way in which a byte-level BPE tokenizer cuts text before merging (`tokenizer.ggml.pre`).
 * llama.cpp guesses where it does not know, and would give other ids without a word; so what is unknown is refused.
 *
 * @throws GgufExportError naming the part of tokenizer.json that has no counterpart
 */
export function preTokenizerType({ normalizer, pre_tokenizer: pre, model }: TokenizerFile): string {
  if (normalizer && normalizer.type !== 'NFC') throw unknown('normalizer', normalizer);
  if (!pre) throw new GgufExportError('GGUF export needs a pre_tokenizer in tokenizer.json.');
  const steps = pre.type === 'Sequence' ? ((pre.pretokenizers ?? []) as TokenizerStep[]) : [pre];
  const [first, second, ...others] = steps;
  const type = others.length > 0 || !first ? undefined : typeOf(first, second);
  if (!type || (model.ignore_merges && type !== 'llama-bpe')) throw unknown('pre_tokenizer', pre);
  return type;
}

function typeOf(first: TokenizerStep, second: TokenizerStep | undefined): string | undefined {
  const bytes = second ?? first;
  if (bytes.type !== 'ByteLevel' || bytes.add_prefix_space) return undefined;
  if (!second) return bytes.use_regex === false ? undefined : 'gpt-2';
  if (first.type === 'Digits') return first.individual_digits && bytes.use_regex !== false ? 'smollm' : undefined;
  if (first.type !== 'Split' || first.behavior !== 'Isolated' || first.invert || bytes.use_regex !== false)
    return undefined;
  return splitPatterns[(first.pattern as { Regex?: string }).Regex ?? ''];
}

function unknown(part: string, step: TokenizerStep): GgufExportError {
  return new GgufExportError(
    `llama.cpp has no counterpart of this ${part} of tokenizer.json: ${JSON.stringify(step)}.`,
  );
}
