import { runInThread } from '../../runtime/training-thread.ts';
import type { WithoutEvent, WithoutInput } from './answer-without.ts';

/** `answerWithout` in a thread of its own. */
export function answerWithoutInThread(
  input: WithoutInput & { signal?: AbortSignal | undefined },
): AsyncGenerator<WithoutEvent> {
  const { signal, ...job } = input;
  return runInThread<WithoutInput, WithoutEvent>(job, {
    entry: new URL('./answer-worker.ts', import.meta.url),
    signal,
    toError: ({ name, message, code }) => Object.assign(new Error(message), { name, code }),
  });
}
