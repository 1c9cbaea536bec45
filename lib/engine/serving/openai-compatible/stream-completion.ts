import { GenerateRequestError } from '../errors.ts';
import type { CompletionChunk } from './completion-chunk.ts';
import { readRefusal } from './dialect.ts';
import { ReplicaError } from './errors.ts';
import type { Replica } from './replica.ts';
import { readServerSentEvents } from './server-sent-events.ts';

/**
 * Chunks of one streamed completion. Leaving the loop, or `signal`, closes the connection, which ends the generation.
 *
 * @throws ReplicaError if the server refuses, breaks off or falls silent; GenerateRequestError if it refuses the request
 */
export async function* streamCompletion(
  replica: Replica,
  body: Record<string, unknown>,
  { firstTokenTimeoutMs, idleTimeoutMs }: { firstTokenTimeoutMs: number; idleTimeoutMs: number },
  signal: AbortSignal,
): AsyncGenerator<CompletionChunk, void, undefined> {
  const response = await replica.request('POST', '/v1/completions', body, firstTokenTimeoutMs, signal);
  if (!response.ok || !response.body) throw await refusalOf(response, replica);
  let idleMs = firstTokenTimeoutMs;
  const events = readServerSentEvents(response.body, () => idleMs);
  try {
    for (;;) {
      const next = await events.next().catch((cause: Error) => {
        throw new ReplicaError('down', `${replica.url}: ${cause.message}`, cause);
      });
      if (next.done) return;
      const chunk = next.value as CompletionChunk;
      const { error } = chunk;
      if (error) throw new ReplicaError('failed', `${replica.url}: ${error.message ?? 'no reason given'}`);
      idleMs = idleTimeoutMs;
      yield chunk;
    }
  } finally {
    await events.return();
  }
}

/** What a status other than 200 means for the request. */
async function refusalOf(response: Response, replica: Replica): Promise<Error> {
  const text = (await response.text().catch(() => '')).slice(0, 300);
  const said = `${replica.url}/v1/completions answered ${response.status}: ${text}`;
  // vLLM answers 404, SGLang 400 for an adapter that it lost in a restart.
  const isForgotten = /lora|adapter|model/i.test(text) && readRefusal(text) === 'not-loaded';
  if (isForgotten) return new ReplicaError('forgot-adapter', said);
  if (response.status === 429 || response.status === 503) return new ReplicaError('busy', said);
  if (response.status === 400 || response.status === 422) return new GenerateRequestError(said);
  return new ReplicaError('failed', said);
}
