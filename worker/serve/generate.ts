import type { IncomingMessage, ServerResponse } from 'node:http';
import type { GenerateEvent } from '#lib/engine/serving/types.ts';
import { type HeldAdapter, holdAdapter } from './hold-adapter.ts';
import { renderPrompt } from './render-prompt.ts';
import { type GenerateBody, generateSchema } from './requests.ts';
import { describeFailure, readJson, writeLine } from './respond.ts';
import type { ServeDeps } from './serve-deps.ts';

/**
 * POST /generate: streams GenerateEvents as NDJSON. The status comes with the first line, which is the first token; with `announce` it
 * is `{ type: 'prompt', promptIds, contextTokens }`, sent before the model begins, and what is refused after it is a line
 * `{ type: 'error' }`. A client that goes away cancels its sequence.
 */
export async function generate(deps: ServeDeps, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const arrivedMs = performance.now();
  const { adapterId, ...body } = generateSchema.parse(await readJson(request));
  const held = await holdAdapter(deps, adapterId);
  if (response.destroyed) return held.release(); // who asked went away meanwhile: no place is taken
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  let hasBegun = false;
  let firstTokenMs = 0;
  try {
    const options = promptOf(held, body);
    if (body.announce && !announce(response, held, options)) return;
    held.model.running++;
    hasBegun = true;
    const events = held.model.backend.generate({ ...options, adapter: held.adapter, signal: gone.signal });
    for await (const event of events) {
      if (firstTokenMs === 0) {
        firstTokenMs = performance.now() - arrivedMs;
        held.countUse();
        if (!response.headersSent) response.writeHead(200, lines);
      }
      if (event.type === 'done' && event.finishReason !== 'cancelled') {
        const lastTokenMs = performance.now() - arrivedMs;
        deps.timings.observe(adapterId, { firstTokenMs, lastTokenMs, tokens: event.usage.completionTokens });
      }
      await writeLine(response, spell(held, options, event), gone.signal);
    }
    response.end();
  } catch (error) {
    if ((error as { code?: unknown }).code === 'engine_stopped') deps.pool.forget(held.baseModel);
    if (!response.headersSent) throw error;
    const failure = describeFailure(error);
    deps.counters.countError(failure.code);
    if (firstTokenMs > 0 || failure.status !== 503) deps.log.error({ err: error, adapterId }, 'an answer broke off');
    response.end(`${JSON.stringify({ ...failure, type: 'error' })}\n`);
  } finally {
    if (hasBegun) held.model.running--;
    held.release();
  }
}

const lines = { 'content-type': 'application/x-ndjson' };
type Prompt = Omit<GenerateBody, 'adapterId' | 'text' | 'announce'>;

/** Announced prompts are made here, once: the engine is given what the client is told. */
function promptOf(
  { model }: HeldAdapter,
  { announce: isAnnounced, text, ...options }: Omit<GenerateBody, 'adapterId'>,
): Prompt {
  if (!isAnnounced && text === undefined) return options;
  assertPlace(model); // before the price is held
  const promptIds = options.promptIds ?? renderPrompt(model, { text, messages: options.messages });
  const left = model.backend.contextTokens - promptIds.length;
  return { ...options, messages: [], promptIds, maxTokens: Math.max(1, Math.min(options.maxTokens, left)) };
}

/** @throws an error with the code `queue_full` */
function assertPlace({ running, capacity }: HeldAdapter['model']): void {
  if (running >= capacity) throw Object.assign(new Error(`${running} answers are under way`), { code: 'queue_full' });
}

/** False when the prompt leaves no room for an answer: that ends it. */
function announce(response: ServerResponse, { model }: HeldAdapter, { promptIds = [] }: Prompt): boolean {
  const { contextTokens } = model.backend;
  response.writeHead(200, lines);
  response.write(`${JSON.stringify({ type: 'prompt', promptIds, contextTokens })}\n`);
  if (promptIds.length < contextTokens) return true;
  response.end();
  return false;
}

function spell({ model }: HeldAdapter, { topLogprobs }: Prompt, event: GenerateEvent) {
  return event.type === 'token' && topLogprobs !== undefined
    ? { ...event, token: model.tokenizer.decode([event.tokenId]) }
    : event;
}
