import { hashVisitor } from '#lib/platform/auth/hash-token.ts';
import type { Deps } from '#lib/platform/deps.ts';
import type { AnswerRequest } from './answer-request.ts';
import type { PreparedPrompt } from './prepare-prompt.ts';
import type { ServeRequest } from './serve-client.ts';
import type { Caller } from './types.ts';

/** What the serve process is asked. `prompt`: made before, where rows stand in it. */
export function serveRequestOf(
  { messages, isPlain, maxTokens, sampling }: AnswerRequest,
  { adapterId, queueCaller: caller }: { adapterId: string; queueCaller: string },
  prompt: PreparedPrompt | null = null,
): ServeRequest {
  const asked = prompt
    ? { messages: [], promptIds: prompt.promptIds }
    : isPlain
      ? { messages: [], text: messages[0]!.content }
      : { messages };
  return { adapterId, ...asked, maxTokens: prompt?.maxTokens ?? maxTokens, caller, ...sampling };
}

/** Whose turn it is in the queue: each key and each account has one, and the serve process learns neither. */
export function queueCaller(deps: Pick<Deps, 'env'>, caller: Caller): string {
  return hashVisitor(deps.env.SESSION_SECRET, ('apiKeyId' in caller && caller.apiKeyId) || caller.callerKey);
}
