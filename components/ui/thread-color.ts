/** How many thread colours there are (`--thread-0` to `--thread-9` in app/globals.css). */
export const THREAD_COUNT = 10;

/**
 * Which of the ten thread colours belongs to an address or id: the same everywhere and on every machine. FNV-1a over the
 * lower-case text, because ids share long prefixes and addresses differ in any digit.
 */
export function threadIndex(address: string): number {
  let hash = 0x811c9dc5;
  for (const char of address.toLowerCase()) hash = Math.imul(hash ^ char.codePointAt(0)!, 0x01000193) >>> 0;
  return hash % THREAD_COUNT;
}

/** The CSS colour of an address's thread, for styles and charts. */
export function threadColor(address: string): string {
  return `var(--thread-${threadIndex(address)})`;
}
