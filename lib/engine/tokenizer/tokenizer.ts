import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Tokenizer as HuggingFaceTokenizer } from '@huggingface/tokenizers';
import { readGenerationDefaults } from '../nn/generation-config.ts';
import { BpeEncoder } from './bpe-encoder.ts';
import { ChatTemplate } from './chat-template.ts';
import { TokenizerError } from './errors.ts';
import { type SpecialToken, SpecialTokens } from './special-tokens.ts';
import { StreamDecoder } from './stream-decoder.ts';
import { type TokenSpelling, tokenSpelling } from './token-spelling.ts';
import { findTemplate, parseTokenizerFiles, type TokenizerFiles } from './tokenizer-files.ts';

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

/** Halves of surrogate pairs, which no well-formed text has: cut off a section's text from the start of the whole. */
const sectionMark = '\uDC00\uDC00';

/**
 * Text to token ids and back for the byte-level and SentencePiece vocabularies of `tokenizer.json`, with the chat
 * template that comes with them.
 *
 * One rule decides who encodes: `BpeEncoder` where it covers the description, which it does for vocabularies that we
 * train, else `@huggingface/tokenizers`. Tests hold the two equal.
 */
export class Tokenizer {
  /** One more than the highest id. */
  readonly vocabularySize: number;
  readonly bosToken: string | null;
  readonly eosToken: string | null;
  /** Whether texts of this vocabulary begin with `bosToken`. */
  readonly addsBos: boolean;
  /** Tokens that the model's configuration names as the end of an answer. */
  readonly eosTokenIds: readonly number[];
  /** `completion` where the model has no template: a question and its answer are then one plain text. */
  readonly chatFormat: 'template' | 'completion';
  readonly chatTemplate: ChatTemplate;
  private readonly library: HuggingFaceTokenizer;
  private readonly fast: BpeEncoder | null;
  private readonly special: SpecialTokens;
  private readonly specialIds: ReadonlySet<number>;
  private readonly spelling: TokenSpelling;
  private readonly ids: ReadonlyMap<string, number>;
  private readonly tokens: ReadonlyMap<number, string>;
  /** Text of added tokens; unlike the rest of the vocabulary it is not spelled in the vocabulary's alphabet. */
  private readonly addedText: ReadonlyMap<number, string>;

  /** @throws TokenizerError naming the file that is missing or what is not supported */
  static async load(modelDir: string): Promise<Tokenizer> {
    const read = (name: string): Promise<string> => readFile(join(/*turbopackIgnore: true*/ modelDir, name), 'utf8');
    const [tokenizer, config] = await Promise.all(
      ['tokenizer.json', 'tokenizer_config.json'].map(async (name) =>
        parseJson(name, await read(name).catch(() => null)),
      ),
    );
    const templateFile = await read('chat_template.jinja').catch(() => null);
    const { eosTokenIds } = await readGenerationDefaults(modelDir);
    return new Tokenizer(tokenizer!, config!, { templateFile, eosTokenIds });
  }

  /** @throws TokenizerError */
  constructor(
    json: object,
    config: object,
    { templateFile = null, eosTokenIds = [] }: { templateFile?: string | null; eosTokenIds?: readonly number[] } = {},
  ) {
    const files = parseTokenizerFiles(json, config);
    this.spelling = tokenSpelling(json);
    const { vocabulary, addedTokens } = files;
    this.ids = new Map([
      ...Object.entries(vocabulary),
      ...addedTokens.map((token) => [token.content, token.id] as const),
    ]);
    this.tokens = new Map([...this.ids].map(([token, id]) => [id, token]));
    this.vocabularySize = [...this.ids.values()].reduce((top, id) => Math.max(top, id), -1) + 1;
    const special = addedTokens.filter((token) => token.special);
    this.special = new SpecialTokens(special as SpecialToken[]);
    this.specialIds = new Set(special.map(({ id }) => id));
    this.addedText = new Map(addedTokens.map(({ id, content }) => [id, content]));
    this.library = createLibrary(json, config, files, this.vocabularySize);
    this.fast = special.length === addedTokens.length ? BpeEncoder.from(json) : null;
    this.bosToken = files.bosToken;
    this.eosToken = files.eosToken;
    this.addsBos = files.addsBos;
    this.eosTokenIds = eosTokenIds;
    const template = findTemplate(config, templateFile);
    this.chatFormat = template === null ? 'completion' : 'template';
    this.chatTemplate = new ChatTemplate(template ?? completionTemplate(this.addsBos));
  }

  /** Encodes text as plain text: `<|end|>` in it is ordinary characters. Adds no special tokens. */
  encode(text: string): number[] {
    return this.encodeSection(text.toWellFormed(), 0);
  }

  /** Encodes text in which special tokens are recognised, except where `guardSpecialTokens` has been over it. */
  encodeWithSpecialTokens(text: string): number[] {
    return this.special
      .split(text)
      .flatMap((section, i) => (typeof section === 'number' ? section : this.encodeSection(section, i)));
  }

  /** The text, changed so that `encodeWithSpecialTokens` takes it as plain text wherever it is put. */
  guardSpecialTokens(text: string): string {
    return this.special.guard(text);
  }

  /** Text of ids. Special tokens are left out; bytes that form no UTF-8 become U+FFFD. */
  decode(ids: readonly number[]): string {
    const text = utf8.decode(Buffer.concat(ids.map((id) => this.bytesOf(id))));
    return this.spelling.stripsLeadingSpace && text.startsWith(' ') ? text.slice(1) : text;
  }

  /** A decoder for ids that arrive one at a time; its pieces concatenate to `decode` of them all. */
  streamDecoder(): StreamDecoder {
    const { stripsLeadingSpace } = this.spelling;
    return new StreamDecoder({ bytesOf: (id) => this.bytesOf(id), stripsLeadingSpace });
  }

  /** Id of an exact vocabulary entry, e.g. `<|end|>`, or null. */
  idOf(token: string): number | null {
    return this.ids.get(token) ?? null;
  }

  /** Vocabulary entry of an id in the vocabulary's own spelling, or null. */
  tokenOf(id: number): string | null {
    return this.tokens.get(id) ?? null;
  }

  isSpecial(id: number): boolean {
    return this.specialIds.has(id);
  }

  /** `index` 0 is the start of a text; SentencePiece puts a space before its first word. */
  private encodeSection(text: string, index: number): number[] {
    if (this.fast) return this.fast.encode(text);
    if (text === '') return [];
    const options = { add_special_tokens: false };
    if (index === 0) return this.library.encode(text, options).ids;
    return this.library.encode(sectionMark + text, options).ids.slice(1);
  }

  private bytesOf(id: number): Uint8Array {
    if (this.specialIds.has(id)) return new Uint8Array();
    const added = this.addedText.get(id);
    return added === undefined ? this.spelling.bytesOf(this.tokenOf(id) ?? '') : Buffer.from(added);
  }
}

/**
 * The library without special tokens, which it then cannot see in text: what users write never becomes a control token.
 * The section mark stands in for the one before a section. Added tokens that control nothing stay.
 */
function createLibrary(json: object, config: object, files: TokenizerFiles, markId: number): HuggingFaceTokenizer {
  const ordinary = files.addedTokens.filter((token) => !token.special);
  const mark = { id: markId, content: sectionMark, lstrip: false, rstrip: false, normalized: false, special: false };
  try {
    return new HuggingFaceTokenizer({ ...json, post_processor: null, added_tokens: [...ordinary, mark] }, config);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new TokenizerError(`tokenizer.json describes a tokenizer that is not supported: ${reason}`, { cause });
  }
}

/** A text that the model continues: messages as paragraphs, the end token after each answer. */
function completionTemplate(addsBos: boolean): string {
  return `${addsBos ? '{{ bos_token }}' : ''}{% for message in messages %}{{ message.content | trim }}{% if message.role == 'assistant' %}{{ eos_token }}{% else %}{{ '\\n\\n' }}{% endif %}{% endfor %}`;
}

function parseJson(name: string, text: string | null): object {
  if (text === null) throw new TokenizerError(`The model folder has no readable ${name}.`);
  try {
    const json: unknown = JSON.parse(text);
    if (typeof json === 'object' && json !== null) return json;
  } catch (cause) {
    throw new TokenizerError(`${name} is not JSON.`, { cause });
  }
  throw new TokenizerError(`${name} is not a JSON object.`);
}
