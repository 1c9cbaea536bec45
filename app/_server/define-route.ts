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
export type RouteContext<S extends z.ZodType, A extends Auth, H extends Ahead = never> = {
  deps: Deps;
  actor: ActorFor<A>;
  input: z.output<S>;
  request: Request;
  requestId: string;
  /** The key that authenticated the request, when one did; the actor is its owner. */
  apiKey: ApiKey | null;
  /** Account, or a visitor's hash: scope of idempotency keys and free quotas. */
  callerKey: string;
  /** What was begun before the key was known, if anything was. */
  ahead: H | null;
};

/** Ended when the request is answered, whatever the answer; what `run` has taken by then is its own. */
type Ahead = { cancel(): void };

export type RouteOptions<S extends z.ZodType, A extends Auth, H extends Ahead = never> = {
  /** Query, path parameters and JSON body in one object (body over path over query). */
  input: S;
  auth: A;
  limit: RateLimit;
  /** What an API key must be made for. By default `data` where an account writes, and nothing else. */
  scope?: ApiKeyScope;
  /** Largest body that is read as JSON; 0 leaves the body to `run`. */
  maxBytes?: number;
  /** What may begin while an API key is looked up, for keys that it knows. Nothing of it may be told before `run`. */
  ahead?: { knows(key: string): boolean; begin(deps: Deps, key: string, input: z.output<S>): H | null };
  /** Data becomes JSON (bigints as decimal strings); a Response is passed on, e.g. a stream. */
  run: (context: RouteContext<S, A, H>) => Promise<unknown>;
};

/**
 * The only way to make an HTTP route: parse, API key or session (sessions with an origin check on writes), rate limit, use
 * case, answer. Errors have the body of the OpenAI API. Every answer carries `x-request-id` and OpenAI's rate-limit headers.
 */
export function defineRoute<S extends z.ZodType, A extends Auth, H extends Ahead = never>(
  options: RouteOptions<S, A, H>,
) {
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

async function respond<S extends z.ZodType, A extends Auth, H extends Ahead>(
  options: RouteOptions<S, A, H>,
  request: Request,
  params: Record<string, unknown>,
  requestId: string,
): Promise<Response> {
  const deps = buildDeps();
  if (options.auth === 'operator') assertOperator(deps, request.headers);
  const read = async () => parseInput(options.input, await readInput(request, params, options.maxBytes ?? 1_000_000));
  const key = bearerOf(request.headers);
  const early = key !== null && options.ahead?.knows(key) ? read() : null;
  // What is wrong with the input is said where it always is: after the key.
  const begun = early?.then((input) => options.ahead!.begin(deps, key!, input)).catch(() => null);
  try {
    const {
      actor,
      apiKey,
      taken: counted,
    } = options.auth === 'operator' ? asOperator : await authenticate(deps, request, options.limit);
    if (options.auth === 'account' && actor.kind !== 'account') throw new NotSignedInError();
    const caller = callerKey(deps, actor, request.headers);
    assertScope(options, request, apiKey);
    const taken = counted ?? (await takeFromLimit(deps, options.limit, caller));
    const input = await (early ?? read());
    const result = await options.run({
      deps,
      actor: actor as ActorFor<A>,
      input,
      request,
      requestId,
      apiKey,
      callerKey: caller,
      ahead: (await begun) ?? null,
    });
    const response = result instanceof Response ? result : jsonResponse(result);
    const resetSeconds = (taken.expiresAt.getTime() - deps.now().getTime()) / 1000;
    for (const [name, value] of rateLimitHeaders({ max: options.limit.max, used: taken.used, resetSeconds }))
      response.headers.set(name, value);
    return response;
  } finally {
    void begun?.then((ahead) => ahead?.cancel());
  }
}

/** @throws {ApiKeyScopeError} */
function assertScope(
  { scope, auth }: { scope?: ApiKeyScope; auth: Auth },
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
  const bearer = bearerOf(request.headers);
  if (bearer !== null) {
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

/** The API key that a request brings. */
export function bearerOf(headers: Headers): string | null {
  return /^Bearer\s+(\S+)$/i.exec(headers.get('authorization') ?? '')?.[1] ?? null;
}
