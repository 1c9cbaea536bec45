import type { Deps } from '#lib/platform/deps.ts';
import type { Sampling } from './answer-request.ts';
import {
  AdapterBaseReplacedError,
  AdapterUnusableError,
  ConversationRefusedError,
  ServeOverloadedError,
  ServeUnavailableError,
} from './errors.ts';
import type { AdapterMove, ChatMessage } from './schema.ts';
import type { AdapterTiming, ServingEngine } from './types.ts';

/** `token`, only with `topLogprobs`: what this one token spells, where `text` may hold back or join. */
export type ServeToken = {
  type: 'token';
  tokenId: number;
  text: string;
  logprob: number | null;
  token?: string;
  topLogprobs?: { tokenId: number; text: string; logprob: number }[];
};
export type ServeDone = {
  type: 'done';
  finishReason: 'stop' | 'length' | 'cancelled';
  promptIds: number[];
  completionIds: number[];
  usage: { promptTokens: number; completionTokens: number };
};
/** Lines of the serve process's NDJSON answer (worker/serve). */
type ServeEvent = ServeToken | ServeDone | { type: 'error'; code: string; message: string };

export type ServeRequest = Sampling & {
  adapterId: string;
  /** Empty where `promptIds` is the prompt. */
  messages: ChatMessage[];
  promptIds?: number[];
  /** Whose request it is, as a hash: callers take turns. */
  caller: string;
  maxTokens: number;
};

/** An adapter that the serve process has in memory (hot) or on its disk (warm). `timing`: its newest answers (worker/serve). */
export type ServedAdapter = {
  id: string;
  tier: 'hot' | 'warm' | 'cold';
  isPinned?: boolean;
  users?: number;
  sizeBytes?: number;
  hits?: number;
  misses?: number;
  loadMs?: number | null;
  lastUsedAtMs?: number;
  timing?: AdapterTiming;
};

type ServeDeps = Pick<Deps, 'env'>;

/** One request to the serve process; an answer other than 2xx is thrown as what it means to the caller. */
async function ask(deps: ServeDeps, path: string, body?: unknown, signal?: AbortSignal): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(`${deps.env.SERVE_URL}${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${deps.env.INTERNAL_TOKEN}` },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal ? { signal } : {}),
    });
  } catch (cause) {
    throw new ServeUnavailableError(`${path} failed`, cause);
  }
  if (response.ok) return response;
  throw refusalOf(path, response.status, response.headers.get('retry-after'), await response.text().catch(() => ''));
}

const overloaded = new Set(['queue_full', 'draining', 'fleet_unavailable']);
const unusable = new Set(['adapter_invalid', 'adapter_mismatch', 'adapter_corrupt', 'fleet_adapter_refused']);

function refusalOf(path: string, status: number, retryAfter: string | null, text: string): Error {
  const details = `${path} answered ${status}: ${text.slice(0, 500)}`;
  const { code, message } = errorOf(text);
  if (code === 'chat_template_failed') return new ConversationRefusedError(message);
  if (overloaded.has(code)) return new ServeOverloadedError(details, Math.max(1, Number(retryAfter) || 5));
  if (code === 'adapter_base_mismatch') return new AdapterBaseReplacedError(details);
  if (unusable.has(code)) return new AdapterUnusableError(details);
  return new ServeUnavailableError(details);
}

function errorOf(text: string): { code: string; message: string } {
  try {
    const { error } = JSON.parse(text) as { error?: { code?: string; message?: string } };
    return { code: error?.code ?? '', message: error?.message ?? '' };
  } catch {
    return { code: '', message: '' };
  }
}

/** `contextTokens`: what prompt and answer may have together; the prompt alone may be beyond it. */
export type RenderedPrompt = { promptIds: number[]; contextTokens: number };

/**
 * The prompt's token ids under the model's own tokenizer: of a conversation by its chat template, of a text as it is.
 *
 * @throws ConversationRefusedError, ServeOverloadedError (its queue is full), ServeUnavailableError
 */
export async function renderPrompt(
  deps: ServeDeps,
  adapterId: string,
  prompt: ChatMessage[] | string,
): Promise<RenderedPrompt> {
  const asked = typeof prompt === 'string' ? { text: prompt } : { messages: prompt };
  const response = await ask(deps, '/tokenize', { adapterId, ...asked });
  const { promptIds, contextTokens } = (await response.json()) as RenderedPrompt;
  return { promptIds, contextTokens };
}

/**
 * Asks OpenLoRA for an answer and resolves with its stream when the first token is there, so that every refusal until then
 * is an error of this call. The stream ends after `done`; when it breaks it throws ServeUnavailableError.
 *
 * @throws ServeOverloadedError, AdapterBaseReplacedError, AdapterUnusableError, ServeUnavailableError
 */
export async function openAnswer(
  deps: ServeDeps,
  request: ServeRequest,
  signal: AbortSignal,
): Promise<AsyncGenerator<ServeToken | ServeDone>> {
  const response = await ask(deps, '/generate', request, signal);
  if (!response.body) throw new ServeUnavailableError('/generate answered nothing');
  return readAnswer(response.body, signal);
}

async function* readAnswer(
  body: ReadableStream<Uint8Array>,
  signal: AbortSignal,
): AsyncGenerator<ServeToken | ServeDone> {
  let rest = '';
  let done = false;
  try {
    for await (const chunk of body.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>)) {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        if (line === '') continue;
        const event = JSON.parse(line) as ServeEvent;
        if (event.type === 'error') throw new ServeUnavailableError(`${event.code}: ${event.message}`);
        done ||= event.type === 'done';
        yield event;
      }
    }
  } catch (cause) {
    if (signal.aborted || cause instanceof ServeUnavailableError) throw cause;
    throw new ServeUnavailableError('the answer stream broke', cause);
  }
  if (!done) throw new ServeUnavailableError('the answer stream ended early');
}

/** Adapters in the serve process's memory and on its disk (all others are cold), and its engines. */
export async function fetchServingState(
  deps: ServeDeps,
): Promise<{ adapters: ServedAdapter[]; engines: ServingEngine[] }> {
  return (await (await ask(deps, '/adapters')).json()) as { adapters: ServedAdapter[]; engines: ServingEngine[] };
}

/**
 * prewarm: into memory now; pin: and kept there until `unload` or the process ends; unload: out of it, unless an answer runs.
 *
 * @returns whether it is in memory after it; of `unload` false also where it still is, because an answer uses it
 * @throws as openAnswer
 */
export async function moveAdapter(deps: ServeDeps, adapterId: string, move: AdapterMove): Promise<boolean> {
  const answer = (await (await ask(deps, `/adapters/${adapterId}/${move}`, {})).json()) as { loaded?: boolean };
  return answer.loaded ?? false;
}

/** The serve process's metrics in Prometheus' text format. */
export async function fetchServeMetrics(deps: ServeDeps): Promise<string> {
  return (await ask(deps, '/metrics')).text();
}
