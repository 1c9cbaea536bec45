import { describe, expect, it } from 'vitest';
import { Tokenizer } from '../../tokenizer/tokenizer.ts';
import { tinyConfig } from '../test-support/tiny-model.ts';
import { preTokenizerType } from './pre-tokenizer-type.ts';
import type { TokenizerFile } from './read-tokenizer-file.ts';
import { tokenizerMetadata } from './tokenizer-metadata.ts';

const bytes = (use_regex: boolean) => ({ type: 'ByteLevel', add_prefix_space: false, use_regex });
const split = (Regex: string) => ({
  type: 'Sequence',
  pretokenizers: [{ type: 'Split', pattern: { Regex }, behavior: 'Isolated', invert: false }, bytes(false)],
});
const contractions = "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+";
const rest = ' ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+';
const file = (fields: object): TokenizerFile => ({ model: { vocab: {}, merges: [] }, ...fields });

describe('preTokenizerType', () => {
  it.each([
    ['gpt-2', { pre_tokenizer: bytes(true) }],
    [
      'smollm',
      {
        pre_tokenizer: { type: 'Sequence', pretokenizers: [{ type: 'Digits', individual_digits: true }, bytes(true)] },
      },
    ],
    ['llama-bpe', { pre_tokenizer: split(`${contractions}|\\p{N}{1,3}|${rest}`) }],
    ['qwen2', { pre_tokenizer: split(`${contractions}|\\p{N}|${rest}`), normalizer: { type: 'NFC' } }],
  ])('knows %s', (name, fields) => {
    expect(preTokenizerType(file(fields))).toBe(name);
  });

  it.each([
    { pre_tokenizer: split('\\w+') },
    { pre_tokenizer: { ...bytes(true), add_prefix_space: true } },
    { pre_tokenizer: null },
    { pre_tokenizer: bytes(true), model: { vocab: {}, merges: [], ignore_merges: true } },
  ])('refuses %o', (fields) => {
    expect(() => preTokenizerType(file(fields))).toThrow(/no counterpart|needs a pre_tokenizer/);
  });
});

it('gives SentencePiece scores that order merges as their ranks do, and the space in front', () => {
  const vocab = { '<unk>': 0, '<s>': 1, '</s>': 2, '<0x0A>': 3, '▁': 4, a: 5, b: 6, ab: 7, '▁a': 8, '▁ab': 9 };
  const json = {
    added_tokens: ['<unk>', '<s>', '</s>'].map((content, id) => ({ id, content, special: true })),
    normalizer: {
      type: 'Sequence',
      normalizers: [
        { type: 'Prepend', prepend: '▁' },
        { type: 'Replace', pattern: { String: ' ' }, content: '▁' },
      ],
    },
    pre_tokenizer: null,
    post_processor: { type: 'TemplateProcessing', single: [{ SpecialToken: { id: '<s>' } }, { Sequence: {} }] },
    decoder: {
      type: 'Sequence',
      decoders: [
        { type: 'Replace', pattern: { String: '▁' }, content: ' ' },
        { type: 'ByteFallback' },
        { type: 'Fuse' },
      ],
    },
    model: {
      type: 'BPE',
      vocab,
      byte_fallback: true,
      unk_token: '<unk>',
      merges: [
        ['a', 'b'],
        ['▁', 'a'],
        ['▁', 'ab'],
        ['▁a', 'b'],
      ] as [string, string][],
    },
  };
  const settings = { bos_token: '<s>', eos_token: { content: '</s>' } };
  const tokenizer = new Tokenizer(json, settings, { eosTokenIds: [2, 9] });
  const keys = tokenizerMetadata(json, tokenizer, { ...tinyConfig, vocab_size: 11, bos_token_id: 1 });
  expect(Object.fromEntries([...keys].map(([key, { value }]) => [key.replace('tokenizer.ggml.', ''), value]))).toEqual({
    model: 'llama',
    tokens: [...Object.keys(vocab), '[PAD10]'],
    token_type: [3, 3, 3, 6, 1, 1, 1, 1, 1, 1, 5],
    scores: [0, 0, 0, 0, -5, -5, -5, -1, -2, -3, 0],
    add_space_prefix: true,
    bos_token_id: 1,
    eos_token_id: 2,
    eot_token_id: 9,
    unknown_token_id: 0,
    add_bos_token: true,
  });
});
