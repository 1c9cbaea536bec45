import type { LlamaConfig } from '../../nn/config.ts';
import { specialTokens } from '../../tokenizer/chat-format.ts';
import type { GgufValue } from './gguf-value.ts';
import { preTokenizerType } from './pre-tokenizer-type.ts';
import type { TokenizerFile, TokenizerFiles, TokenizerStep } from './read-tokenizer-files.ts';
import { GgufExportError } from './write-gguf.ts';

/** Kinds of tokens (llama.h, `llama_token_type`). */
const tokenType = { normal: 1, unknown: 2, control: 3, userDefined: 4, unused: 5, byte: 6 } as const;

/**
 * The `tokenizer.*` keys, after which llama.cpp gives the ids that the Hugging Face tokenizer gives: byte-level BPE
 * (`gpt2`: merges and the kind of pre-tokenizer) or SentencePiece BPE (`llama`: a score for each token).
 *
 * @throws GgufExportError naming what has no counterpart
 */
export function tokenizerMetadata(files: TokenizerFiles, config: LlamaConfig): Map<string, GgufValue> {
  const { tokenizer, chatTemplate } = files;
  const tokens = listTokens(tokenizer, config.vocab_size);
  const strings = (value: readonly string[]): GgufValue => ({ type: 'strings', value });
  const metadata = new Map<string, GgufValue>([
    ['tokenizer.ggml.model', { type: 'string', value: tokenizer.model.byte_fallback ? 'llama' : 'gpt2' }],
    ['tokenizer.ggml.tokens', strings(tokens.map(({ text }) => text))],
    ['tokenizer.ggml.token_type', { type: 'i32s', value: tokens.map(({ type }) => type) }],
    ...(tokenizer.model.byte_fallback ? sentencePieceKeys(tokenizer, tokens) : byteLevelKeys(tokenizer)),
    ...specialTokenKeys(files, config),
  ]);
  if (chatTemplate !== null) metadata.set('tokenizer.chat_template', { type: 'string', value: chatTemplate });
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

function specialTokenKeys({ tokenizer, config: settings }: TokenizerFiles, config: LlamaConfig): [string, GgufValue][] {
  const idOf = (field: string): number | null => {
    const value = settings[field] as string | { content?: string } | null | undefined;
    const text = typeof value === 'object' ? value?.content : value;
    if (text === undefined) return null;
    const added = tokenizer.added_tokens?.find(({ content }) => content === text);
    return added?.id ?? tokenizer.model.vocab[text] ?? null;
  };
  const stops = Array.isArray(config.eos_token_id) ? config.eos_token_id : [config.eos_token_id];
  const eos = idOf('eos_token') ?? stops[0] ?? null;
  const ids = {
    bos_token_id: config.bos_token_id ?? idOf('bos_token'),
    eos_token_id: eos,
    eot_token_id: stops.find((id) => id !== null && id !== eos) ?? tokenizer.model.vocab[specialTokens.end] ?? null,
    unknown_token_id: idOf('unk_token'),
    padding_token_id: idOf('pad_token'),
  };
  const keys = Object.entries(ids).flatMap(([key, value]): [string, GgufValue][] =>
    value === null ? [] : [[`tokenizer.ggml.${key}`, { type: 'u32', value }]],
  );
  const addBos = settings.add_bos_token ?? startsWithSpecialToken(tokenizer.post_processor);
  return [
    ...keys,
    ['tokenizer.ggml.add_bos_token', { type: 'bool', value: addBos === true }],
    ['tokenizer.ggml.add_eos_token', { type: 'bool', value: settings.add_eos_token === true }],
  ];
}

/** Whether the post-processor puts a token before every text (`TemplateProcessing`, alone or in a `Sequence`). */
function startsWithSpecialToken(post: TokenizerStep | null | undefined): boolean {
  if (!post) return false;
  if (post.type === 'Sequence') return ((post.processors ?? []) as TokenizerStep[]).some(startsWithSpecialToken);
  return post.type === 'TemplateProcessing' && 'SpecialToken' in ((post.single as object[] | undefined)?.[0] ?? {});
}
