import { runInThread } from '../../runtime/training-thread.ts';
import type { MeasureEvent, MeasureInput } from './measure-input.ts';

/** `measureAttribution` in a thread of its own, at the lowest priority where the system has one by thread. */
export function measureAttributionInThread(
  input: MeasureInput & { signal?: AbortSignal | undefined },
): AsyncGenerator<MeasureEvent> {
  const { signal, ...job } = input;
  return runInThread<MeasureInput, MeasureEvent>(job, {
    entry: new URL('./measure-worker.ts', import.meta.url),
    signal,
    toError: ({ name, message, code }) => Object.assign(new Error(message), { name, code }),
  });
}
