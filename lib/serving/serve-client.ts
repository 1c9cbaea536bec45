import { BaseError } from '#lib/kernel/base-error.ts';
import type { Deps } from '#lib/platform/deps.ts';
import type { Sampling } from './answer-request.ts';
import {
  AdapterBaseReplacedError,
  AdapterUnusableError,
  ConversationRefusedError,
  ServeOverloadedError,
  ServeUnavailableError,
} from './errors.ts';
import { postLines } from './post-lines.ts';
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
type ServeEvent = ServeToken | ServeDone | { type: 'error'; code: string; message: string; retryAfterSeconds?: number };

export type ServeRequest = Sampling & {
  adapterId: string;
  /** Empty where `promptIds`, or a `text` to go on with, is the prompt. */
  messages: ChatMessage[];
  promptIds?: number[];
  text?: string;
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
type Refusal = { code?: string; message?: string; retryAfterSeconds?: number };

/** An answer of the serve process that is no 2xx. */
function refusalOf(path: string, status: number, retryAfter: string | null, text: string): Error {
  return errorOf(readRefusal(text, retryAfter), `${path} answered ${status}: ${text.slice(0, 500)}`);
}

/** What a refusal of the serve process means to the caller. */
function errorOf({ code = '', message = '', retryAfterSeconds }: Refusal, details: string): Error {
  if (code === 'chat_template_failed') return new ConversationRefusedError(message);
  if (overloaded.has(code)) return new ServeOverloadedError(details, Math.max(1, retryAfterSeconds || 5));
  if (code === 'adapter_base_mismatch') return new AdapterBaseReplacedError(details);
  if (unusable.has(code)) return new AdapterUnusableError(details);
  return new ServeUnavailableError(details);
}

function readRefusal(text: string, retryAfter: string | null): Refusal {
  try {
    const { error } = JSON.parse(text) as { error?: Refusal };
    return { ...error, retryAfterSeconds: Number(retryAfter) };
  } catch {
    return {};
  }
}

/** `contextTokens`: what prompt and answer may have together; the prompt alone may be beyond it. */
export type RenderedPrompt = { promptIds: number[]; contextTokens: number };

/**
 * The prompt's token ids under the model's own tokenizer: of a conversation by its chat template, of a text as it is.
 *
 * @throws ConversationRefusedError, ServeOverloadedError (it is about to stop), ServeUnavailableError
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

/** `vectors`: float32 little-endian as base64; null where the texts are too long, a token is not `isKnown`, or the model `canEmbed` none. */
export type EmbeddedTexts = {
  tokens: number[];
  contextTokens: number;
  canEmbed: boolean;
  isKnown: boolean;
  vectors: string[] | null;
};

/** A vector for each text, words or token ids. @throws as renderPrompt */
export async function embedTexts(
  deps: ServeDeps,
  input: { adapterId: string; texts: readonly (string | number[])[]; tokensMax: number },
): Promise<EmbeddedTexts> {
  return (await (await ask(deps, '/embed', input)).json()) as EmbeddedTexts;
}

/** An answer that is being computed. `cancel` ends it where it is; who does not run `events` to its end calls it. */
export type OpenAnswer = RenderedPrompt & {
  events: AsyncGenerator<ServeToken | ServeDone>;
  cancel(): void;
};

/**
 * Asks OpenLoRA for an answer and resolves as soon as it says the prompt's tokens, while the model begins to read them: the price
 * can be held meanwhile. What it refuses after that, until the first token, is thrown by the first of `events` as this call
 * would; an answer that breaks later throws ServeUnavailableError. A prompt that leaves no room for an answer has no events.
 *
 * @throws ConversationRefusedError, ServeOverloadedError, AdapterBaseReplacedError, AdapterUnusableError, ServeUnavailableError
 */
export async function openAnswer(deps: ServeDeps, request: ServeRequest, signal: AbortSignal): Promise<OpenAnswer> {
  const path = '/generate';
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${deps.env.INTERNAL_TOKEN}` };
  const body = JSON.stringify({ ...request, announce: true });
  try {
    const answer = await postLines(`${deps.env.SERVE_URL}${path}`, { headers, body, signal });
    if (answer.status !== 200)
      throw refusalOf(path, answer.status, answer.header('retry-after'), await answer.text().catch(() => ''));
    const { value } = await answer.lines.next();
    if (value === undefined) throw new ServeUnavailableError(`${path} answered nothing`);
    const { promptIds, contextTokens } = JSON.parse(value) as RenderedPrompt;
    return { promptIds, contextTokens, events: readAnswer(answer.lines, signal), cancel: answer.cancel };
  } catch (cause) {
    if (signal.aborted || cause instanceof BaseError) throw cause;
    throw new ServeUnavailableError(`${path} failed`, cause);
  }
}

async function* readAnswer(lines: AsyncIterable<string>, signal: AbortSignal): AsyncGenerator<ServeToken | ServeDone> {
  let [hasBegun, isDone] = [false, false];
  try {
    for await (const line of lines) {
      const event = JSON.parse(line) as ServeEvent;
      if (event.type === 'error') {
        const details = `${event.code}: ${event.message}`;
        throw hasBegun ? new ServeUnavailableError(details) : errorOf(event, details);
      }
      hasBegun = true;
      isDone ||= event.type === 'done';
      yield event;
    }
  } catch (cause) {
    if (signal.aborted || cause instanceof BaseError) throw cause;
    throw new ServeUnavailableError('the answer stream broke', cause);
  }
  if (!isDone) throw new ServeUnavailableError('the answer stream ended early');
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
