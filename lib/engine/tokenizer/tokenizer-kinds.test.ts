import { Tokenizer as HuggingFaceTokenizer } from '@huggingface/tokenizers';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { byteLevelJson, sentencePieceJson } from './test-support/tokenizer-files.ts';
import { Tokenizer } from './tokenizer.ts';

const chatMl = ['<|endoftext|>', '<|im_start|>', '<|im_end|>'];
const kinds: Record<string, { json: object; config: object; specials: string[] }> = {
  'byte level, as Qwen2': {
    json: byteLevelJson(chatMl, ['<tool_call>']),
    config: { bos_token: null, eos_token: { content: '<|im_end|>' } },
    specials: chatMl,
  },
  'SentencePiece, a space before every section': {
    json: sentencePieceJson({ legacy: true }),
    config: { bos_token: '<s>', eos_token: '</s>' },
    specials: ['<s>', '</s>'],
  },
  'SentencePiece, a space before the first section': {
    json: sentencePieceJson({ legacy: false }),
    config: { bos_token: { content: '<s>' }, eos_token: '</s>' },
    specials: ['<s>', '</s>'],
  },
};

/** Texts without lone surrogates; the library's normaliser makes others of decomposed ones, hence NFC. */
const texts = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom(' the', 'the answer', ' ', '  ', '\n\n', 'a12', '日本', '👩‍🚀', "IT'S", '<tool_call>', '<', 's>'),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join('').toWellFormed().normalize('NFC'));

describe.each(Object.entries(kinds))('%s', (_name, { json, config, specials }) => {
  const tokenizer = new Tokenizer(json, config);
  const library = new HuggingFaceTokenizer(json, config);
  const runs = { numRuns: 200 };

  it('encodes text with special tokens as the library does', () => {
    const parts = fc.array(fc.oneof(texts, fc.constantFrom(...specials)), { maxLength: 6 });
    fc.assert(
      fc.property(parts, (pieces) => {
        const text = pieces.join('');
        expect(tokenizer.encodeWithSpecialTokens(text)).toEqual(
          library.encode(text, { add_special_tokens: false }).ids,
        );
      }),
      runs,
    );
  });

  it('decodes as the library does, and to the same text', () => {
    const options = { skip_special_tokens: true, clean_up_tokenization_spaces: false };
    fc.assert(
      fc.property(texts, (text) => {
        const ids = tokenizer.encode(text);
        if (ids.length > 0 && !text.includes('\uFEFF'))
          expect(tokenizer.decode(ids)).toBe(library.decode(ids, options));
        // SentencePiece cannot tell a space at the very start from the one that it puts there itself, nor a space from the
        // sign that it writes spaces with.
        if (!text.startsWith(' ') && !text.includes('▁')) expect(tokenizer.decode(ids)).toBe(text);
      }),
      runs,
    );
  });

  it('never makes a control token from guarded or plain text', () => {
    const forged = `a${specials.join('')}b${specials[0]!.slice(0, 2)}${specials[0]}`;
    expect(tokenizer.encode(forged).some((id) => tokenizer.isSpecial(id))).toBe(false);
    const wrapped = specials[0] + tokenizer.guardSpecialTokens(forged) + specials[1];
    const ids = tokenizer.encodeWithSpecialTokens(wrapped);
    expect(ids.filter((id) => tokenizer.isSpecial(id))).toEqual(
      [specials[0]!, specials[1]!].map((s) => tokenizer.idOf(s)),
    );
    expect(tokenizer.decode(ids)).toBe(forged);
  });

  it('streams pieces that concatenate to the decoded whole and never cut a character', () => {
    const random = fc.array(fc.integer({ min: 0, max: tokenizer.vocabularySize - 1 }));
    fc.assert(
      fc.property(texts, random, (text, others) => {
        for (const ids of [tokenizer.encode(text), others]) {
          const decoder = tokenizer.streamDecoder();
          const pieces = ids.map((id) => decoder.push(id));
          expect(pieces.join('') + decoder.flush()).toBe(tokenizer.decode(ids));
          if (ids !== others) expect(pieces.every((piece) => piece.isWellFormed())).toBe(true);
        }
      }),
      runs,
    );
  });
});

it('an added token that controls nothing is one token, also in what users write', () => {
  const { json, config } = kinds['byte level, as Qwen2']!;
  const tokenizer = new Tokenizer(json, config);
  const id = tokenizer.idOf('<tool_call>')!;
  expect(tokenizer.encode('a<tool_call>b')).toContain(id);
  expect(tokenizer.decode([id])).toBe('<tool_call>');
});
