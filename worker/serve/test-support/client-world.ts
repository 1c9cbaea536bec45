import { globSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import OpenAI from 'openai';
import type { PgBoss } from 'pg-boss';
import { vi } from 'vitest';
import { createApiKey } from '#lib/platform/auth/create-api-key.ts';
import type { CreateApiKeyInput } from '#lib/platform/auth/schema.ts';
import { variables } from '#lib/platform/env.ts';
import { deployment, payer } from '#lib/serving/test-support/serving-fixture.ts';
import { internalToken, openServeWorld } from './serve-world.ts';

type Handler = (request: Request, route: { params: Promise<Record<string, unknown>> }) => Promise<Response>;
type Place = { file: string; segments: string[] };

const root = join(import.meta.dirname, '../../..');
/** More exact places first, so that the route for unknown paths is the last that is tried. */
const places: Place[] = globSync('app/api/v1/**/route.ts', { cwd: root })
  .map((file) => ({ file, segments: file.slice('app/'.length, -'/route.ts'.length).split('/') }))
  .sort((a, b) => rankOf(b) - rankOf(a));

/** The serve world with the API's real handlers in front of it, as OpenAI's client reaches them: no Next server between. */
export async function openClientWorld() {
  const world = await openServeWorld();
  const deploymentFile = join(world.dir, 'deployment.json');
  writeFileSync(deploymentFile, JSON.stringify(deployment));
  const settings = {
    ...{ APP_URL: 'http://localhost:3000', RPC_URL: 'http://127.0.0.1:1', DATABASE_URL: world.database.url },
    ...{ DEPLOYMENT_FILE: deploymentFile, SERVE_URL: world.deps.env.SERVE_URL, LOG_LEVEL: 'silent' },
    ...{ INTERNAL_TOKEN: internalToken, SESSION_SECRET: internalToken, OBJECT_STORE_DIR: join(world.dir, 'objects') },
    ...{ OPERATOR_PRIVATE_KEY: variables.OPERATOR_PRIVATE_KEY.example, METRICS_TOKEN: 'm'.repeat(32) },
    MODELS_DIR: join(world.dir, 'models'),
  };
  for (const [name, value] of Object.entries(settings)) vi.stubEnv(name, value);
  /**
   * The way of the world's clients: in turn, because its model has one place, which an answer that was begun ahead and is not needed
   * (a replay, a refusal) may still hold when the client has read the response.
   */
  const inTurn: typeof viaRoutes = async (url, init) => {
    await world.idle();
    return viaRoutes(url, init);
  };
  return {
    ...world,
    inTurn,
    /** A client with a new key of `owner`, who is the payer of the world's channel unless named. */
    async clientOf(owner: `0x${string}` = payer, input: Partial<CreateApiKeyInput> = {}): Promise<OpenAI> {
      const wanted = { name: 'test', budgetWei: 1_000_000n, ...input };
      const { key } = await createApiKey(world.deps, { kind: 'account', address: owner }, wanted);
      return new OpenAI({ baseURL: 'http://localhost/api/v1', apiKey: key, maxRetries: 0, fetch: inTurn });
    },
    async close() {
      const { openledgerQueue } = globalThis as { openledgerQueue?: Promise<PgBoss> };
      await (await openledgerQueue)?.stop({ graceful: false });
      await world.close();
      vi.unstubAllEnvs();
    },
  };
}

/** One request to the handler whose file its path names, as Next would find it. */
export async function viaRoutes(url: string | URL | Request, init?: RequestInit): Promise<Response> {
  const request = new Request(url, init);
  const path = new URL(request.url).pathname.slice(1).split('/').map(decodeURIComponent);
  for (const { file, segments } of places) {
    const params = paramsOf(segments, path);
    if (!params) continue;
    const handlers = (await import(/* @vite-ignore */ join(root, file))) as Record<string, Handler>;
    return handlers[request.method]!(request, { params: Promise.resolve(params) });
  }
  throw new Error(`no route for ${request.url}`);
}

function paramsOf(segments: readonly string[], path: readonly string[]): Record<string, unknown> | null {
  if (segments.at(-1)?.startsWith('[...')) return {};
  if (segments.length !== path.length) return null;
  const params: Record<string, unknown> = {};
  for (const [i, segment] of segments.entries()) {
    const name = /^\[(\w+)\]$/.exec(segment)?.[1];
    if (name) params[name] = path[i];
    else if (segment !== path[i]) return null;
  }
  return params;
}

function rankOf({ segments }: Place): number {
  if (segments.at(-1)?.startsWith('[...')) return -1;
  return segments.filter((segment) => !segment.startsWith('[')).length;
}
