import type { Deps } from '#lib/platform/deps.ts';
import { ContextTooLongError, ServeUnavailableError } from './errors.ts';
import type { ChatMessage } from './schema.ts';

/** Lines of the serve process's NDJSON answer (worker/serve). */
export type ServeEvent =
  | { type: 'token'; tokenId: number; text: string; logprob: number }
  | {
      type: 'done';
      finishReason: 'stop' | 'length' | 'cancelled';
      promptIds: number[];
      completionIds: number[];
      usage: { promptTokens: number; completionTokens: number };
    }
  | { type: 'error'; code: string; message: string };

export type ServeRequest = {
  adapterId: string;
  messages: ChatMessage[];
  maxTokens: number;
  temperature: number;
  topP: number;
  seed?: number;
  stop?: string[];
};

async function post(deps: Pick<Deps, 'env'>, path: string, body: unknown, signal?: AbortSignal): Promise<Response> {
  try {
    return await fetch(`${deps.env.SERVE_URL}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${deps.env.INTERNAL_TOKEN}` },
      body: JSON.stringify(body),
      ...(signal ? { signal } : {}),
    });
  } catch (cause) {
    throw new ServeUnavailableError(`POST ${path} failed`, cause);
  }
}

/** The prompt's token ids under the model's own tokenizer and chat template. Throws ContextTooLongError. */
export async function tokenizePrompt(
  deps: Pick<Deps, 'env'>,
  adapterId: string,
  messages: ChatMessage[],
): Promise<{ promptIds: number[]; contextTokens: number }> {
  const response = await post(deps, '/tokenize', { adapterId, messages });
  if (!response.ok) throw new ServeUnavailableError(`tokenize answered ${response.status}: ${await response.text()}`);
  const answer = (await response.json()) as { promptIds: number[]; contextTokens: number };
  if (answer.promptIds.length >= answer.contextTokens)
    throw new ContextTooLongError(answer.promptIds.length, answer.contextTokens);
  return answer;
}

/** Streams an answer from OpenLoRA. Ends after `done`; a broken stream throws ServeUnavailableError. */
export async function* streamAnswer(
  deps: Pick<Deps, 'env'>,
  request: ServeRequest,
  signal: AbortSignal,
): AsyncGenerator<Exclude<ServeEvent, { type: 'error' }>> {
  const response = await post(deps, '/generate', request, signal);
  if (!response.ok || !response.body)
    throw new ServeUnavailableError(`generate answered ${response.status}: ${await response.text()}`);
  let rest = '';
  let done = false;
  try {
    for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
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
