import 'server-only';
import { unstable_rethrow } from 'next/navigation';
import type { z } from 'zod';
import { NotSignedInError } from '#lib/platform/assert-account.ts';
import { admitApiKey } from '#lib/platform/auth/admit-api-key.ts';
import { ApiKeyInvalidError, ApiKeyScopeError } from '#lib/platform/auth/errors.ts';
import { type RateLimit, type Taken, takeFromLimit } from '#lib/platform/auth/take-from-limit.ts';
import type { ApiKey, ApiKeyScope } from '#lib/platform/auth/types.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';
import { assertOperator } from './assert-operator.ts';
import { callerKey } from './caller.ts';
import { checkOrigin } from './check-origin.ts';
import { buildDeps } from './deps.ts';
import { errorResponse } from './error-response.ts';
import { jsonResponse } from './json-response.ts';
import { parseInput } from './parse-input.ts';
import { rateLimitHeaders } from './rate-limit-headers.ts';
import { readInput } from './read-input.ts';
import { newRequestId } from './request-id.ts';
import { getActor } from './session.ts';

/** operator: METRICS_TOKEN, or this machine itself (assert-operator.ts); the actor is then the system. */
export type Auth = 'account' | 'visitor' | 'operator';
type ActorFor<A extends Auth> = A extends 'account' ? Extract<Actor, { kind: 'account' }> : Actor;

/** What a route's body is given. */
export type RouteContext<S extends z.ZodType, A extends Auth> = {
  deps: Deps;
  actor: ActorFor<A>;
  input: z.output<S>;
  request: Request;
  requestId: string;
  /** The key that authenticated the request, when one did; the actor is its owner. */
  apiKey: ApiKey | null;
  /** Account, or a visitor's hash: scope of idempotency keys and free quotas. */
  callerKey: string;
};

export type RouteOptions<S extends z.ZodType, A extends Auth> = {
  /** Query, path parameters and JSON body in one object (body over path over query). */
  input: S;
  auth: A;
  limit: RateLimit;
  /** What an API key must be made for. By default `data` where an account writes, and nothing else. */
  scope?: ApiKeyScope;
  /** Largest body that is read as JSON; 0 leaves the body to `run`. */
  maxBytes?: number;
  /** Data becomes JSON (bigints as decimal strings); a Response is passed on, e.g. a stream. */
  run: (context: RouteContext<S, A>) => Promise<unknown>;
};

/**
 * The only way to make an HTTP route: parse, API key or session (sessions with an origin check on writes), rate limit, use
 * case, answer. Errors have the body of the OpenAI API. Every answer carries `x-request-id` and OpenAI's rate-limit headers.
 */
export function defineRoute<S extends z.ZodType, A extends Auth>(options: RouteOptions<S, A>) {
  const handle = async (request: Request, route: { params: Promise<Record<string, unknown>> }): Promise<Response> => {
    const requestId = newRequestId();
    try {
      const response = await respond(options, request, (await route.params) ?? {}, requestId);
      response.headers.set('x-request-id', requestId);
      return response;
    } catch (error) {
      unstable_rethrow(error);
      return errorResponse(error, requestId);
    }
  };
  return Object.assign(handle, { input: options.input as z.ZodType, auth: options.auth as Auth });
}

/** A route with what its description is made of (openapi-document.ts). */
export type Route = ReturnType<typeof defineRoute>;

async function respond<S extends z.ZodType, A extends Auth>(
  options: RouteOptions<S, A>,
  request: Request,
  params: Record<string, unknown>,
  requestId: string,
): Promise<Response> {
  const deps = buildDeps();
  if (options.auth === 'operator') assertOperator(deps, request.headers);
  const {
    actor,
    apiKey,
    taken: counted,
  } = options.auth === 'operator' ? asOperator : await authenticate(deps, request, options.limit);
  if (options.auth === 'account' && actor.kind !== 'account') throw new NotSignedInError();
  const caller = callerKey(deps, actor, request.headers);
  assertScope(options, request, apiKey);
  const taken = counted ?? (await takeFromLimit(deps, options.limit, caller));
  const input = parseInput(options.input, await readInput(request, params, options.maxBytes ?? 1_000_000));
  const result = await options.run({
    deps,
    actor: actor as ActorFor<A>,
    input,
    request,
    requestId,
    apiKey,
    callerKey: caller,
  });
  const response = result instanceof Response ? result : jsonResponse(result);
  const resetSeconds = (taken.expiresAt.getTime() - deps.now().getTime()) / 1000;
  for (const [name, value] of rateLimitHeaders({ max: options.limit.max, used: taken.used, resetSeconds }))
    response.headers.set(name, value);
  return response;
}

/** @throws {ApiKeyScopeError} */
function assertScope(
  { scope, auth }: Pick<RouteOptions<z.ZodType, Auth>, 'scope' | 'auth'>,
  request: Request,
  apiKey: ApiKey | null,
): void {
  const writes = request.method !== 'GET' && request.method !== 'HEAD';
  const needed = scope ?? (writes && auth === 'account' ? 'data' : null);
  if (apiKey && needed && !apiKey.scopes.includes(needed)) throw new ApiKeyScopeError(needed);
}

/** `taken`: where a key was looked up, its request was counted with it, under its owner's address as `callerKey` names it. */
type Authenticated = { actor: Actor; apiKey: ApiKey | null; taken: Taken | null };
const asOperator: Authenticated = { actor: { kind: 'system' }, apiKey: null, taken: null };

/**
 * A bearer key wins over a cookie, because browsers never attach one by themselves: such requests need no origin check. Nor do
 * those without cookie and Origin: they are a program's, because browsers send Origin with every write.
 */
async function authenticate(deps: Deps, request: Request, limit: RateLimit): Promise<Authenticated> {
  const bearer = /^Bearer\s+(\S+)$/i.exec(request.headers.get('authorization') ?? '')?.[1];
  if (bearer) {
    const admitted = await admitApiKey(deps, bearer, limit);
    if (!admitted) throw new ApiKeyInvalidError();
    return { actor: { kind: 'account', address: admitted.apiKey.owner }, ...admitted };
  }
  if (!request.headers.has('cookie') && !request.headers.has('origin')) {
    return { actor: { kind: 'visitor' }, apiKey: null, taken: null };
  }
  if (request.method !== 'GET' && request.method !== 'HEAD') checkOrigin(deps, request.headers);
  return { actor: await getActor(), apiKey: null, taken: null };
}
