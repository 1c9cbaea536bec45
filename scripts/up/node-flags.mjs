/**
 * For every Node process of ours: what the launchers start, their children, and the tests. V8 loses its way, now and then, in machine code of
 * WebAssembly that threads share and free, and ends the process; Node's own type stripping is WebAssembly, so that a thread needs no other.
 * - The wrappers by which WebAssembly calls JavaScript are never compiled anew: that frees those of threads that have just ended (a segmentation
 *   fault in `Runtime_TierUpWasmToJSWrapper`, seen about once in 500 threads). Calls stay a little slower; our kernels make none.
 * - V8 keeps its list of pages with machine code behind the processor's protection keys, where there are any, and loses one
 *   (`Check failed: jit_page.has_value()`; nodejs/node issue 64500). Without the keys the pages are guarded as on other processors.
 */
export const nodeFlags = ['--wasm-wrapper-tiering-budget=2147483647', '--no-memory-protection-keys'];
