import { PreTokenCounter, trainBpe } from '../train-bpe.ts';

const words = 'user assistant system the cat sat on the mat what is the answer it is a red house be helpful yes no';

/** The entries of `added_tokens`, ids counted from `first`. */
export function addedTokens(contents: readonly string[], first: number, fields: object = {}): object[] {
  return contents.map((content, i) => ({
    id: first + i,
    content,
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
    special: true,
    ...fields,
  }));
}

/** A byte-level `tokenizer.json` as Qwen2's and Llama 3's are written: another split pattern, NFC, specials behind the vocabulary. */
export function byteLevelJson(specials: readonly string[], ordinary: readonly string[] = []): object {
  const counter = new PreTokenCounter();
  counter.add(words);
  const { tokens, merges } = trainBpe(counter.counts, { vocabularySize: 320, specialTokens: [] });
  const size = tokens.length;
  return {
    version: '1.0',
    added_tokens: [
      ...addedTokens(specials, size),
      ...addedTokens(ordinary, size + specials.length, { special: false }),
    ],
    normalizer: { type: 'NFC' },
    pre_tokenizer: {
      type: 'Sequence',
      pretokenizers: [
        {
          type: 'Split',
          pattern: {
            Regex:
              "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
          },
          behavior: 'Isolated',
          invert: false,
        },
        { type: 'ByteLevel', add_prefix_space: false, trim_offsets: false, use_regex: false },
      ],
    },
    post_processor: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: false, use_regex: false },
    decoder: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: false, use_regex: false },
    model: {
      type: 'BPE',
      vocab: Object.fromEntries(tokens.map((token, id) => [token, id])),
      merges,
      ignore_merges: false,
    },
  };
}

/**
 * A SentencePiece `tokenizer.json` as Llama 2, TinyLlama and Mistral have it: spaces as U+2581, bytes that are no
 * characters of the vocabulary as `<0x..>`. `legacy` puts a space before every section, else only before the first.
 */
export function sentencePieceJson({ legacy }: { legacy: boolean }): object {
  const merges = mergesOf(`\u2581${words.replaceAll(' ', '\u2581')}`.split(/(?=\u2581)/));
  const bytes = Array.from({ length: 256 }, (_, i) => `<0x${i.toString(16).toUpperCase().padStart(2, '0')}>`);
  const letters = [...new Set([...'\u2581abcdefghijklmnopqrstuvwxyzABC.,:?[]/<|>INST\n', ...merges.flat()])];
  const tokens = [...new Set(['<unk>', '<s>', '</s>', ...bytes, ...letters, ...merges.map((pair) => pair.join(''))])];
  const replaceSpaces = { type: 'Replace', pattern: { String: ' ' }, content: '\u2581' };
  return {
    version: '1.0',
    added_tokens: addedTokens(['<unk>', '<s>', '</s>'], 0),
    normalizer: legacy
      ? { type: 'Sequence', normalizers: [{ type: 'Prepend', prepend: '\u2581' }, replaceSpaces] }
      : null,
    pre_tokenizer: legacy ? null : { type: 'Metaspace', replacement: '\u2581', prepend_scheme: 'first', split: false },
    post_processor: {
      type: 'TemplateProcessing',
      single: [{ SpecialToken: { id: '<s>', type_id: 0 } }, { Sequence: { id: 'A', type_id: 0 } }],
      pair: [],
      special_tokens: { '<s>': { id: '<s>', ids: [1], tokens: ['<s>'] } },
    },
    decoder: {
      type: 'Sequence',
      decoders: [
        { type: 'Replace', pattern: { String: '\u2581' }, content: ' ' },
        { type: 'ByteFallback' },
        { type: 'Fuse' },
        { type: 'Strip', content: ' ', start: 1, stop: 0 },
      ],
    },
    model: {
      type: 'BPE',
      unk_token: '<unk>',
      fuse_unk: true,
      byte_fallback: true,
      vocab: Object.fromEntries(tokens.map((token, id) => [token, id])),
      merges,
    },
  };
}

/** A word's letters joined from the left: enough merges for words to be whole. */
function mergesOf(pieces: readonly string[]): [string, string][] {
  const merges = new Map<string, [string, string]>();
  for (const piece of new Set(pieces)) {
    const letters = [...piece];
    for (let i = 1; i < letters.length; i++) {
      const pair: [string, string] = [letters.slice(0, i).join(''), letters[i]!];
      merges.set(pair.join(' '), pair);
    }
  }
  return [...merges.values()];
}
