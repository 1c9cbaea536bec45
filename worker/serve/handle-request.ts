import type { IncomingMessage, ServerResponse } from 'node:http';
import { estimateRunSchema } from '#lib/model-factory/schema.ts';
import { prometheusContentType, renderPrometheus } from '#lib/platform/render-prometheus.ts';
import { findAdapter } from '../find-adapter.ts';
import { checkTraining } from './check-training.ts';
import { embed } from './embed.ts';
import { generate } from './generate.ts';
import { holdAdapter } from './hold-adapter.ts';
import { listAdapterStates } from './list-adapter-states.ts';
import { listEngineStates } from './list-engine-states.ts';
import { renderPrompt } from './render-prompt.ts';
import { adapterPathPattern, tokenizeSchema } from './requests.ts';
import { describeFailure, isAuthorized, readJson, sendFailure, sendJson } from './respond.ts';
import type { ServeDeps } from './serve-deps.ts';
import { serveMetrics } from './serve-metrics.ts';

type Handler = (deps: ServeDeps, request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** `METHOD /path` to handler. All but /healthz need the internal token. */
const routes: Record<string, Handler> = {
  'GET /adapters': async (deps, _request, response) => {
    const adapters = await listAdapterStates(deps.pool, deps.cache);
    const timed = adapters.map((adapter) => ({ ...adapter, timing: deps.timings.of(adapter.id) }));
    sendJson(response, 200, { adapters: timed, engines: await listEngineStates(deps.pool) });
  },
  'GET /metrics': sendMetrics,
  'POST /tokenize': tokenize,
  'POST /generate': generate,
  'POST /embed': embed,
  'POST /training-check': async (deps, request, response) =>
    sendJson(response, 200, await checkTraining(deps, estimateRunSchema.parse(await readJson(request)))),
};

/** One request of the serve process. Never throws: a failure is answered, or ends the stream with an error line. */
export async function handleRequest(
  deps: ServeDeps,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const path = (request.url ?? '').split('?')[0]!;
  const route = `${request.method} ${path}`;
  try {
    if (route === 'GET /healthz') return sendHealth(deps, response);
    const handler = adapterPathPattern.test(path) ? changeAdapter : Object.hasOwn(routes, route) ? routes[route] : null;
    if (!handler) return sendJson(response, 404, { error: { code: 'not_found', message: 'no such path' } });
    if (!isAuthorized(request, deps.env.INTERNAL_TOKEN)) {
      return sendJson(response, 401, { error: { code: 'unauthorized', message: 'the internal token is missing' } });
    }
    if (request.method === 'POST') deps.lifecycle.assertTaking();
    await handler(deps, request, response);
  } catch (error) {
    const { status, code } = describeFailure(error);
    deps.counters.countError(code);
    if (status === 500 || status === 422) deps.log.error({ err: error, route }, 'request failed');
    if (!response.headersSent) sendFailure(response, error);
    else response.destroy();
  }
}

/** 200 while it takes requests; 503 while it starts or drains, so that a load balancer asks elsewhere. */
function sendHealth({ lifecycle }: ServeDeps, response: ServerResponse): void {
  const { state } = lifecycle;
  sendJson(response, state === 'taking' ? 200 : 503, { ok: state === 'taking', state });
}

async function sendMetrics(deps: ServeDeps, _request: IncomingMessage, response: ServerResponse): Promise<void> {
  const models = await deps.pool.ask(({ backend }) => backend.metrics());
  const { counters, cache, lifecycle } = deps;
  const families = serveMetrics({ models, disk: cache.state(), counters, isDraining: lifecycle.state === 'draining' });
  response.writeHead(200, { 'content-type': prometheusContentType }).end(renderPrometheus(families));
}

/** Prompt ids as the model will see them, and how many tokens prompt and answer may have together. */
async function tokenize(deps: ServeDeps, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const asked = tokenizeSchema.parse(await readJson(request));
  const { baseModel } = await findAdapter(deps, asked.adapterId);
  const model = await deps.pool.get(baseModel);
  const ids = renderPrompt(model, asked);
  sendJson(response, 200, { promptIds: ids, promptTokens: ids.length, contextTokens: model.backend.contextTokens });
}

/** POST /adapters/<id>/prewarm | pin | unload: into memory ahead of a request, kept there, out of it. */
async function changeAdapter(deps: ServeDeps, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const [, adapterId, verb] = adapterPathPattern.exec((request.url ?? '').split('?')[0]!)!;
  if (request.method !== 'POST') {
    return sendJson(response, 405, { error: { code: 'method_not_allowed', message: 'use POST' } });
  }
  if (verb === 'unload') return unloadAdapter(deps, adapterId!, response);
  const held = await holdAdapter(deps, adapterId!);
  try {
    await held.model.backend.prewarm(held.adapter, { pin: verb === 'pin' });
    held.countUse();
    sendJson(response, 200, { loaded: true, pinned: verb === 'pin' });
  } finally {
    held.release();
  }
}

async function unloadAdapter(deps: ServeDeps, adapterId: string, response: ServerResponse): Promise<void> {
  const { baseModel } = await findAdapter(deps, adapterId);
  const open = (await deps.pool.list()).find((model) => model.baseModel === baseModel);
  sendJson(response, 200, { unloaded: (await open?.model.backend.unload(adapterId)) ?? false });
}
