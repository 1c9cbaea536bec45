/**
 * A fault planted on purpose: `search` occurs once in `file` (below contracts/src) and becomes `replace`. The `suites`
 * (contracts/test/<suite>.sol) are asked first, because they should notice; all others that reach the file only where they did not.
 */
export type Mutant = { name: string; file: string; search: string; replace: string; suites: readonly string[] };

/** The text of the mutant's file with the fault in it. Throws when `search` does not occur exactly once. */
export function plant({ name, file, search, replace }: Mutant, text: string): string {
  const parts = text.split(search);
  if (parts.length !== 2) throw new Error(`${name}: found ${parts.length - 1} times in ${file}`);
  return parts.join(replace);
}
