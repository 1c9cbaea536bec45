import type { LlamaConfig } from '../../nn/config.ts';
import { specialTokens } from '../../tokenizer/chat-format.ts';
import type { Tokenizer } from '../../tokenizer/tokenizer.ts';
import type { GgufValue } from './gguf-value.ts';
import { preTokenizerType } from './pre-tokenizer-type.ts';
import type { TokenizerFile, TokenizerStep } from './read-tokenizer-file.ts';
import { GgufExportError } from './write-gguf.ts';

/** Kinds of tokens (llama.h, `llama_token_type`). */
const tokenType = { normal: 1, unknown: 2, control: 3, userDefined: 4, unused: 5, byte: 6 } as const;

/**
 * The `tokenizer.*` keys, after which llama.cpp gives the ids that the Hugging Face tokenizer gives: byte-level BPE
 * (`gpt2`: merges and the kind of pre-tokenizer) or SentencePiece BPE (`llama`: a score for each token).
 *
 * @throws GgufExportError naming what has no counterpart
 */
export function tokenizerMetadata(
  file: TokenizerFile,
  tokenizer: Tokenizer,
  config: LlamaConfig,
): Map<string, GgufValue> {
  const tokens = listTokens(file, config.vocab_size);
  const metadata = new Map<string, GgufValue>([
    ['tokenizer.ggml.model', { type: 'string', value: file.model.byte_fallback ? 'llama' : 'gpt2' }],
    ['tokenizer.ggml.tokens', { type: 'strings', value: tokens.map(({ text }) => text) }],
    ['tokenizer.ggml.token_type', { type: 'i32s', value: tokens.map(({ type }) => type) }],
    ...(file.model.byte_fallback ? sentencePieceKeys(file, tokens) : byteLevelKeys(file)),
    ...specialTokenKeys(file, tokenizer, config),
  ]);
  if (tokenizer.chatFormat === 'template') {
    metadata.set('tokenizer.chat_template', { type: 'string', value: tokenizer.chatTemplate.source });
  }
  return metadata;
}

type GgufToken = { text: string; type: number };

/** Every id up to the vocabulary's size; ids that no token has are named and marked unused. */
function listTokens({ model, added_tokens: added = [] }: TokenizerFile, vocabularySize: number): GgufToken[] {
  const tokens = Array.from(
    { length: vocabularySize },
    (_, id): GgufToken => ({ text: `[PAD${id}]`, type: tokenType.unused }),
  );
  for (const [text, id] of Object.entries(model.vocab)) tokens[id] = { text, type: typeOf(text, model) };
  for (const { id, content, special } of added) {
    tokens[id] = { text: content, type: special ? tokenType.control : tokenType.userDefined };
  }
  if (tokens.length > vocabularySize) {
    throw new GgufExportError(
      `tokenizer.json has ids up to ${tokens.length - 1}, config.json a vocab_size of ${vocabularySize}.`,
    );
  }
  return tokens;
}

function typeOf(text: string, model: TokenizerFile['model']): number {
  if (text === model.unk_token) return tokenType.unknown;
  return model.byte_fallback && /^<0x[0-9A-F]{2}>$/.test(text) ? tokenType.byte : tokenType.normal;
}

function byteLevelKeys(tokenizer: TokenizerFile): [string, GgufValue][] {
  const merges = tokenizer.model.merges.map((merge) => (typeof merge === 'string' ? merge : merge.join(' ')));
  return [
    ['tokenizer.ggml.pre', { type: 'string', value: preTokenizerType(tokenizer) }],
    ['tokenizer.ggml.merges', { type: 'strings', value: merges }],
  ];
}

/**
 * llama.cpp's SentencePiece merges the pair whose result has the highest score; Hugging Face merges the pair of the
 * lowest rank. Minus the rank of the first merge that makes a token is a score that gives the same order.
 */
function sentencePieceKeys(tokenizer: TokenizerFile, tokens: readonly GgufToken[]): [string, GgufValue][] {
  const rankOf = new Map<string, number>();
  for (const [rank, merge] of tokenizer.model.merges.entries()) {
    const text = (typeof merge === 'string' ? merge.split(' ') : merge).join('');
    if (!rankOf.has(text)) rankOf.set(text, rank);
  }
  const { length } = tokenizer.model.merges;
  const scores = tokens.map(({ text, type }) => (type === tokenType.normal ? -1 - (rankOf.get(text) ?? length) : 0));
  return [
    ['tokenizer.ggml.scores', { type: 'f32s', value: scores }],
    ['tokenizer.ggml.add_space_prefix', { type: 'bool', value: addsSpacePrefix(tokenizer) }],
  ];
}

/** Whether text starts with a space that nobody wrote, as SentencePiece has it. */
function addsSpacePrefix({ normalizer, pre_tokenizer: pre }: TokenizerFile): boolean {
  const steps =
    normalizer?.type === 'Sequence' ? (normalizer.normalizers as TokenizerStep[]) : normalizer ? [normalizer] : [];
  const isKnown = steps.every(({ type }) => type === 'Prepend' || type === 'Replace');
  if (!isKnown || (pre && pre.type !== 'Metaspace')) {
    throw new GgufExportError('llama.cpp has no counterpart of the normalizer or pre_tokenizer of tokenizer.json.');
  }
  if (pre) return pre.prepend_scheme !== 'never' && pre.add_prefix_space !== false;
  return steps.some(({ type }) => type === 'Prepend');
}

function specialTokenKeys({ model }: TokenizerFile, tokenizer: Tokenizer, config: LlamaConfig): [string, GgufValue][] {
  const idOf = (text: string | null | undefined): number | null => (text ? tokenizer.idOf(text) : null);
  const eos = idOf(tokenizer.eosToken) ?? tokenizer.eosTokenIds[0] ?? null;
  const ids = {
    bos_token_id: config.bos_token_id ?? idOf(tokenizer.bosToken),
    eos_token_id: eos,
    eot_token_id: tokenizer.eosTokenIds.find((id) => id !== eos) ?? idOf(specialTokens.end),
    unknown_token_id: idOf(model.unk_token),
  };
  const keys = Object.entries(ids).flatMap(([key, value]): [string, GgufValue][] =>
    value === null ? [] : [[`tokenizer.ggml.${key}`, { type: 'u32', value }]],
  );
  return [...keys, ['tokenizer.ggml.add_bos_token', { type: 'bool', value: tokenizer.addsBos }]];
}
