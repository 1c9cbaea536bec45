import { bytesOfToken } from './byte-alphabet.ts';
import { TokenizerError } from './errors.ts';

/** How vocabulary entries spell bytes, by the `decoder` of a `tokenizer.json`. */
export type TokenSpelling = {
  bytesOf: (token: string) => Uint8Array;
  /** SentencePiece writes a space before the first word, which is not part of the text. */
  stripsLeadingSpace: boolean;
};

type Decoder = {
  type: string;
  decoders?: Decoder[];
  pattern?: { String?: string };
  start?: number;
  prepend_scheme?: string;
};

const space = '\u2581';

/**
 * The two spellings that Llama, Mistral and Qwen2 vocabularies use: bytes as GPT-2's printable characters, or
 * SentencePiece's text with U+2581 for spaces and `<0x0A>` for bytes that are no text.
 *
 * @throws TokenizerError naming a decoder that is neither
 */
export function tokenSpelling(json: object): TokenSpelling {
  const decoder = (json as { decoder?: Decoder | null }).decoder;
  const parts = decoder?.type === 'Sequence' ? (decoder.decoders ?? []) : decoder ? [decoder] : [];
  const types = parts.map(({ type }) => type);
  if (types.length > 0 && types.every((type) => type === 'ByteLevel' || type === 'Fuse')) {
    return { bytesOf: (token) => bytesOfToken(token) ?? new Uint8Array(), stripsLeadingSpace: false };
  }
  const knowsSpace = parts.some(({ type, pattern }) => type === 'Metaspace' || pattern?.String === space);
  const isPlain = types.every((type) => ['Replace', 'ByteFallback', 'Fuse', 'Strip', 'Metaspace'].includes(type));
  if (!knowsSpace || !isPlain) {
    throw new TokenizerError(`tokenizer.json: the decoder ${types.join(' + ') || 'null'} is not supported.`);
  }
  return {
    bytesOf: sentencePieceBytes,
    stripsLeadingSpace: parts.some(
      ({ type, start, prepend_scheme: scheme }) =>
        (type === 'Strip' && (start ?? 0) > 0) || (type === 'Metaspace' && scheme !== 'never'),
    ),
  };
}

function sentencePieceBytes(token: string): Uint8Array {
  const byte = /^<0x([0-9A-F]{2})>$/.exec(token)?.[1];
  return byte ? Uint8Array.of(Number.parseInt(byte, 16)) : Buffer.from(token.replaceAll(space, ' '));
}
