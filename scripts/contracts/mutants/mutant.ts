/**
 * A fault planted on purpose: `search` occurs once in `file` (below contracts/src) and becomes `replace`. The `suites`
 * (contracts/test/<suite>.sol) must notice, those named `*.invariant.t` being asked last.
 */
export type Mutant = { name: string; file: string; search: string; replace: string; suites: readonly string[] };
