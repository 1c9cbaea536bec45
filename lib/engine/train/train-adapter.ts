import { runInThread } from '../runtime/training-thread.ts';
import type { WorkerFailure } from '../runtime/worker-messages.ts';
import { TrainingError, type TrainingErrorCode } from './errors.ts';
import type { MergeInput, TrainAdapterInput, TrainEvent } from './train-events.ts';

/**
 * Fine-tunes a LoRA adapter in a worker thread and reports its progress.
 *
 * Equal input gives equal bits, however often the run was stopped and resumed, on the same number of threads and
 * one kind of CPU. The last event is `done`; on abort the last is a `checkpoint`, then training_stopped is thrown.
 *
 * @throws TrainingError with `code`: dataset_empty, recipe_invalid, checkpoint_invalid, checkpoint_mismatch,
 *   training_diverged (a loss that is no number), training_learnt_nothing (held-out loss not below the base's),
 *   training_stopped; other errors of the thread keep their name and code
 */
export function trainAdapter(
  input: TrainAdapterInput & { signal?: AbortSignal | undefined },
): AsyncGenerator<TrainEvent> {
  const { signal, ...job } = input;
  return runInThread<TrainAdapterInput, TrainEvent>(job, {
    entry: new URL('./training-worker.ts', import.meta.url),
    signal,
    toError: rebuildError,
  });
}

/**
 * Merges adapters by weight in a worker thread; its events are those of a training without steps, the last one `done`.
 *
 * @throws TrainingError with `code`: dataset_empty, merge_not_better (held-out loss not below the base's), training_stopped; other errors of
 *   the thread keep their name and code
 */
export function mergeTrainedAdapters(
  input: MergeInput & { signal?: AbortSignal | undefined },
): AsyncGenerator<TrainEvent> {
  const { signal, ...job } = input;
  return runInThread<MergeInput, TrainEvent>(job, {
    entry: new URL('./merge-worker.ts', import.meta.url),
    signal,
    toError: rebuildError,
  });
}

function rebuildError({ name, message, code }: WorkerFailure): Error {
  if (name === 'TrainingError') return new TrainingError(code as TrainingErrorCode, message);
  if (code === undefined) return new TrainingError('training_thread_failed', message);
  return Object.assign(new Error(message), { name, code });
}
