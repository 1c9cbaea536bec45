import { runInThread } from '../runtime/training-thread.ts';
import type { TrainingExample } from '../train/prepare-examples.ts';
import type { Copy, CopyRule } from './clusters/find-copies.ts';
import type { BuildSpanIndexInput } from './spans/build-span-index.ts';
import type { BuiltSpanIndex } from './spans/write-span-index.ts';

/** Work on the rows' text that takes seconds for many rows, each in a thread of its own. */
export type TextJob =
  | { kind: 'copies'; rows: readonly TrainingExample[]; rule?: CopyRule | undefined }
  | { kind: 'spans'; input: BuildSpanIndexInput };
export type TextJobResult = Copy[] | BuiltSpanIndex;

/** `findCopies` in a thread. */
export async function findCopiesInThread(rows: readonly TrainingExample[], rule?: CopyRule): Promise<Copy[]> {
  return (await runTextJob({ kind: 'copies', rows, rule })) as Copy[];
}

/** `buildSpanIndex` in a thread; errors keep their name and code. */
export async function buildSpanIndexInThread(input: BuildSpanIndexInput): Promise<BuiltSpanIndex> {
  return (await runTextJob({ kind: 'spans', input })) as BuiltSpanIndex;
}

async function runTextJob(job: TextJob): Promise<TextJobResult> {
  const events = runInThread<TextJob, TextJobResult>(job, {
    entry: new URL('./text-job-worker.ts', import.meta.url),
    toError: ({ name, message, code }) => Object.assign(new Error(message), { name, ...(code && { code }) }),
  });
  const { value } = await events.next();
  await events.return(undefined);
  return value as TextJobResult;
}
