import type { ActionResult } from '#lib/kernel/result.ts';

/** A server action as components take it: they never import one, pages pass it. */
export type Action<Input, Output> = (input: Input) => Promise<ActionResult<Output>>;

export type ActionError = Extract<ActionResult<never>, { ok: false }>['error'];

const unreachable: ActionError = {
  code: 'unreachable',
  message: 'The server did not answer. What you entered is still here; try again.',
  requestId: '',
};

/** Runs an action; a broken connection becomes a result like every other failure. */
export async function runAction<I, O>(action: Action<I, O>, input: I): Promise<ActionResult<O>> {
  return action(input).catch(() => ({ ok: false as const, error: unreachable }));
}
