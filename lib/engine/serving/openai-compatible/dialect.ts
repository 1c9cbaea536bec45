/** Servers that speak OpenAI's completions and load LoRA adapters while they run. */
export type FleetKind = 'vllm' | 'sglang';

/** Where the two differ. Read off vLLM's vllm/entrypoints and SGLang's python/sglang/srt/entrypoints in autumn 2026. */
export type Dialect = {
  loadPath: string;
  unloadPath: string;
  /** Value of `model` that selects the base, or an adapter on it. */
  modelOf(baseName: string, adapterId: string | null): string;
  /** Fields of POST /v1/completions beyond those that both know. */
  completionFields: Readonly<Record<string, unknown>>;
};

export const dialects: Readonly<Record<FleetKind, Dialect>> = {
  vllm: {
    loadPath: '/v1/load_lora_adapter',
    unloadPath: '/v1/unload_lora_adapter',
    modelOf: (baseName, adapterId) => adapterId ?? baseName,
    // Tokens in `logprobs` come as `token_id:<id>`: ids also from servers older than return_token_ids (0.10.2).
    completionFields: { return_token_ids: true, return_tokens_as_token_ids: true },
  },
  sglang: {
    loadPath: '/load_lora_adapter',
    unloadPath: '/unload_lora_adapter',
    modelOf: (baseName, adapterId) => (adapterId === null ? baseName : `${baseName}:${adapterId}`),
    completionFields: { return_token_ids: true },
  },
};

/** What a refused load or unload means; both servers answer 4xx with a sentence, and neither has codes for these. */
export function readRefusal(text: string): 'already-loaded' | 'not-loaded' | 'no-route' | 'full' | 'other' {
  if (/"detail":\s*"Not Found"/.test(text)) return 'no-route'; // FastAPI's own words
  if (/already (been loaded|loaded|exists)/i.test(text)) return 'already-loaded';
  if (/maximum number of loaded/i.test(text)) return 'full';
  if (/cannot be found|not (found|loaded|exist|registered)|does not exist/i.test(text)) return 'not-loaded';
  return 'other';
}
