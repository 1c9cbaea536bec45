/**
 * GPT-2's bijection between the 256 bytes and printable characters (openai/gpt-2 `encoder.py`, bytes_to_unicode),
 * which lets byte-level vocabularies be stored as text.
 */
const printable: readonly (readonly [number, number])[] = [
  [33, 126],
  [161, 172],
  [174, 255],
];

/** The character of each byte. */
export const characterOfByte: readonly string[] = buildCharacters();

/** The byte of each character of the alphabet. */
export const byteOfCharacter: ReadonlyMap<string, number> = new Map(
  characterOfByte.map((character, byte) => [character, byte]),
);

/** The bytes that a vocabulary entry stands for, or null if it has characters from outside the alphabet. */
export function bytesOfToken(token: string): Uint8Array | null {
  const bytes = Array.from(token, (character) => byteOfCharacter.get(character));
  return bytes.every((byte) => byte !== undefined) ? Uint8Array.from(bytes) : null;
}

function buildCharacters(): string[] {
  let next = 256;
  return Array.from({ length: 256 }, (_, byte) =>
    String.fromCharCode(printable.some(([from, to]) => byte >= from && byte <= to) ? byte : next++),
  );
}
