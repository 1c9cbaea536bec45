/**
 * For every Node process that runs threads with WebAssembly in them. V8 keeps its list of pages with machine code behind the
 * processor's protection keys, where there are any, and now and then loses one while threads end, which ends the process
 * (`Check failed: jit_page.has_value()`; nodejs/node issue 64500). Without the keys the pages are guarded as on other processors.
 */
export const nodeFlags = ['--no-memory-protection-keys'] as const;
