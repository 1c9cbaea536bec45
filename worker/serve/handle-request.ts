import type { IncomingMessage, ServerResponse } from 'node:http';
import { renderChat } from '#lib/engine/tokenizer/chat.ts';
import type { Deps } from '#lib/platform/deps.ts';
import { fetchAdapter } from '../fetch-adapter.ts';
import type { ModelPool } from './model-pool.ts';
import { generateSchema, tokenizeSchema } from './requests.ts';
import { describeFailure, isAuthorized, readJson, sendFailure, sendJson, writeLine } from './respond.ts';

export type ServeDeps = Pick<Deps, 'db' | 'store' | 'env' | 'log'> & { pool: ModelPool };
type Handler = (deps: ServeDeps, request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** `METHOD /path` to handler. All but /healthz need the internal token. */
const routes: Record<string, Handler> = {
  'GET /healthz': async (_deps, _request, response) => sendJson(response, 200, { ok: true }),
  'GET /adapters': listAdapters,
  'POST /tokenize': tokenize,
  'POST /generate': generate,
};

/** One request of the serve process. Never throws: a failure is answered, or ends the stream with an error line. */
export async function handleRequest(
  deps: ServeDeps,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const path = (request.url ?? '').split('?')[0];
  const route = `${request.method} ${path}`;
  const handler = Object.hasOwn(routes, route) ? routes[route] : undefined;
  try {
    if (!handler) return sendJson(response, 404, { error: { code: 'not_found', message: 'no such path' } });
    if (path !== '/healthz' && !isAuthorized(request, deps.env.INTERNAL_TOKEN)) {
      return sendJson(response, 401, { error: { code: 'unauthorized', message: 'the internal token is missing' } });
    }
    await handler(deps, request, response);
  } catch (error) {
    const { status } = describeFailure(error);
    if (status >= 500) deps.log.error({ err: error, route }, 'request failed');
    if (!response.headersSent) sendFailure(response, error);
    else response.destroy();
  }
}

async function listAdapters(deps: ServeDeps, _request: IncomingMessage, response: ServerResponse): Promise<void> {
  const models = await deps.pool.list();
  const adapters = models.flatMap(({ baseModel, model }) =>
    model.engine.adapters().map((state) => ({ baseModel, ...state })),
  );
  sendJson(response, 200, { models: models.map(({ baseModel }) => baseModel), adapters });
}

/** Prompt ids as the model will see them, and how many tokens prompt and answer may have together. */
async function tokenize(deps: ServeDeps, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { adapterId, messages } = tokenizeSchema.parse(await readJson(request));
  const adapter = await fetchAdapter(deps, adapterId);
  const { engine, tokenizer } = await deps.pool.get(adapter.baseModel);
  const { ids } = renderChat(tokenizer, messages, { addGenerationPrompt: true });
  sendJson(response, 200, { promptIds: ids, promptTokens: ids.length, contextTokens: engine.contextTokens });
}

/** Streams GenerateEvents as NDJSON. A client that goes away cancels its sequence. */
async function generate(deps: ServeDeps, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { adapterId, ...options } = generateSchema.parse(await readJson(request));
  const { id, dir, baseModel } = await fetchAdapter(deps, adapterId);
  const { engine } = await deps.pool.get(baseModel);
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  if (response.destroyed) gone.abort();
  const events = engine.generate({ ...options, adapter: { id, dir }, signal: gone.signal });
  try {
    for await (const event of events) {
      if (!response.headersSent) response.writeHead(200, { 'content-type': 'application/x-ndjson' });
      await writeLine(response, event, gone.signal);
    }
    response.end();
  } catch (error) {
    if ((error as { code?: unknown }).code === 'engine_stopped') deps.pool.forget(baseModel);
    if (!response.headersSent) throw error;
    const { code, message } = describeFailure(error);
    deps.log.error({ err: error, adapterId }, 'an answer broke off');
    response.end(`${JSON.stringify({ type: 'error', code, message })}\n`);
  }
}
