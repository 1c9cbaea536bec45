import 'server-only';
import { updateTag } from 'next/cache';
import { headers } from 'next/headers';
import { unstable_rethrow } from 'next/navigation';
import type { z } from 'zod';
import type { ActionResult } from '#lib/kernel/result.ts';
import { NotSignedInError } from '#lib/platform/assert-account.ts';
import { type RateLimit, takeFromLimit } from '#lib/platform/auth/take-from-limit.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';
import { callerKey } from './caller.ts';
import { checkOrigin } from './check-origin.ts';
import { buildDeps } from './deps.ts';
import { logFailure } from './log-failure.ts';
import { parseInput } from './parse-input.ts';
import { newRequestId } from './request-id.ts';
import { getActor } from './session.ts';
import { toBaseError } from './to-base-error.ts';

/** An account that is signed in. */
export type AccountActor = Extract<Actor, { kind: 'account' }>;
type ActorFor<A extends 'account' | 'visitor'> = A extends 'account' ? AccountActor : Actor;

export type ActionOptions<S extends z.ZodType, A extends 'account' | 'visitor', T> = {
  input: S;
  /** `account` needs a session; `visitor` takes anybody, and the actor is the account where there is a session. */
  auth: A;
  limit: RateLimit;
  /** One use case. The server computes money; the input may only bound it. */
  run: (deps: Deps, actor: ActorFor<A>, input: z.output<S>) => Promise<T>;
  /** Cache tags that the write makes stale. */
  tags?: readonly string[] | ((data: T, input: z.output<S>) => readonly string[]);
};

/**
 * The only way to make a server action. Fixes the order: parse, origin, session, rate limit, use case, cache tags, typed
 * result. It never throws to the browser: failures come back as `{ ok: false, error }` with text that was written for
 * people, and what nobody expected becomes `internal` with a request id that is in the log.
 */
export function defineAction<S extends z.ZodType, A extends 'account' | 'visitor', T>(
  options: ActionOptions<S, A, T>,
): (raw: z.input<S>) => Promise<ActionResult<T>> {
  return async (raw) => {
    const requestId = newRequestId();
    try {
      return { ok: true, data: await perform(options, raw) };
    } catch (error) {
      unstable_rethrow(error);
      return { ok: false, error: toActionError(error, requestId) };
    }
  };
}

async function perform<S extends z.ZodType, A extends 'account' | 'visitor', T>(
  options: ActionOptions<S, A, T>,
  raw: unknown,
): Promise<T> {
  const input = parseInput(options.input, raw);
  const deps = buildDeps();
  const requestHeaders = await headers();
  checkOrigin(deps, requestHeaders);
  const actor = await getActor();
  if (options.auth === 'account' && actor.kind !== 'account') throw new NotSignedInError();
  await takeFromLimit(deps, options.limit, callerKey(deps, actor, requestHeaders));
  const data = await options.run(deps, actor as ActorFor<A>, input);
  const tags = typeof options.tags === 'function' ? options.tags(data, input) : (options.tags ?? []);
  for (const tag of tags) updateTag(tag);
  return data;
}

function toActionError(error: unknown, requestId: string): Extract<ActionResult<never>, { ok: false }>['error'] {
  const known = toBaseError(error);
  if (known.category === 'internal' || known.category === 'unavailable') {
    logFailure(error, requestId, known.code);
  }
  return {
    code: known.code,
    message: known.message,
    requestId,
    ...(Object.keys(known.facts).length > 0 && { facts: known.facts }),
    ...(known.fieldErrors && { fieldErrors: known.fieldErrors }),
  };
}
