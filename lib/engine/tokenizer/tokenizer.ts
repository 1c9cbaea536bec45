import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Tokenizer as HuggingFaceTokenizer } from '@huggingface/tokenizers';
import { BpeEncoder } from './bpe-encoder.ts';
import { bytesOfToken } from './byte-alphabet.ts';
import { StreamDecoder } from './stream-decoder.ts';

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

/** The model folder has no tokenizer that the engine can load. */
export class TokenizerError extends Error {
  readonly code = 'tokenizer_invalid';
  override readonly name = 'TokenizerError';
}

/** Text to token ids and back, for any `tokenizer.json` that `@huggingface/tokenizers` loads. */
export class Tokenizer {
  readonly vocabularySize: number;
  private readonly inner: HuggingFaceTokenizer;
  private readonly plain: HuggingFaceTokenizer;
  private readonly fast: BpeEncoder | null;
  private readonly specialIds: ReadonlySet<number>;
  /** Text of added tokens; unlike the rest of the vocabulary it is not spelled in the byte alphabet. */
  private readonly addedText: ReadonlyMap<number, string>;

  /** @throws TokenizerError naming the file that is missing or cannot be read */
  static async load(modelDir: string): Promise<Tokenizer> {
    const json = await readJson(modelDir, 'tokenizer.json');
    const config = await readJson(modelDir, 'tokenizer_config.json');
    try {
      return new Tokenizer(json, config);
    } catch (cause) {
      throw new TokenizerError('tokenizer.json describes a tokenizer that is not supported.', { cause });
    }
  }

  constructor(json: object, config: object) {
    this.inner = new HuggingFaceTokenizer(json, config);
    // Without added tokens the library cannot see them in text: what users write never becomes a control token.
    this.plain = new HuggingFaceTokenizer({ ...json, added_tokens: [] }, { ...config, add_bos_token: false });
    this.fast = BpeEncoder.from(json);
    const added = this.inner.get_added_tokens_decoder();
    this.specialIds = new Set([...added].filter(([, token]) => token.special).map(([id]) => id));
    this.addedText = new Map([...added].map(([id, token]) => [id, token.content]));
    this.vocabularySize = Math.max(...this.inner.get_vocab(true).values()) + 1;
  }

  /** Encodes text as plain text: `<|end|>` in it is ordinary characters. Adds no special tokens. */
  encode(text: string): number[] {
    return this.fast?.encode(text) ?? this.plain.encode(text, { add_special_tokens: false }).ids;
  }

  /** Encodes text in which special tokens are recognised. Only for text that no user can influence. */
  encodeWithSpecialTokens(text: string): number[] {
    return this.inner.encode(text, { add_special_tokens: false }).ids;
  }

  /** Text of ids. Special tokens are left out; bytes that form no UTF-8 become U+FFFD. */
  decode(ids: readonly number[]): string {
    // The library strips a leading byte order mark and refuses an empty list; neither may happen to a user's text.
    if (this.fast) return utf8.decode(Buffer.concat(ids.map((id) => this.bytesOf(id))));
    if (ids.length === 0) return '';
    return this.inner.decode([...ids], { skip_special_tokens: true, clean_up_tokenization_spaces: false });
  }

  /** A decoder for ids that arrive one at a time; its pieces concatenate to `decode` of them all. */
  streamDecoder(): StreamDecoder {
    return new StreamDecoder({
      bytesOf: this.fast ? (id) => this.bytesOf(id) : null,
      decode: (ids) => this.decode(ids),
    });
  }

  /** Id of an exact vocabulary entry, e.g. `<|end|>`, or null. */
  idOf(token: string): number | null {
    return this.inner.token_to_id(token) ?? null;
  }

  /** Vocabulary entry of an id in the vocabulary's own spelling, or null. */
  tokenOf(id: number): string | null {
    return this.inner.id_to_token(id) ?? null;
  }

  isSpecial(id: number): boolean {
    return this.specialIds.has(id);
  }

  private bytesOf(id: number): Uint8Array {
    if (this.specialIds.has(id)) return new Uint8Array();
    const added = this.addedText.get(id);
    if (added !== undefined) return Buffer.from(added);
    return bytesOfToken(this.tokenOf(id) ?? '') ?? new Uint8Array();
  }
}

async function readJson(modelDir: string, name: string): Promise<object> {
  try {
    const json: unknown = JSON.parse(await readFile(join(modelDir, name), 'utf8'));
    if (typeof json === 'object' && json !== null) return json;
  } catch (cause) {
    throw new TokenizerError(`The model folder has no readable ${name}.`, { cause });
  }
  throw new TokenizerError(`${name} is not a JSON object.`);
}
