import { eq } from 'drizzle-orm';
import { datanetVersions } from '#db/schema/datanets.ts';
import { getTrainingAccess } from '#lib/access/get-training-access.ts';
import { checkpointAdapterId, keptMarks } from '#lib/kernel/checkpoint-marks.ts';
import { RunForbiddenError } from '#lib/model-factory/errors.ts';
import { findMarks } from '#lib/model-factory/find-marks.ts';
import { getRun } from '#lib/model-factory/queries.ts';
import type { RunSummary } from '#lib/model-factory/types.ts';
import { assertAccount } from '#lib/platform/assert-account.ts';
import { hashVisitor } from '#lib/platform/auth/hash-token.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';
import { contentKey } from '#lib/platform/storage/content-address.ts';
import { ContextTooLongError } from '../errors.ts';
import { takePrivateAnswer } from '../free-quota.ts';
import { openAnswer } from '../serve-client.ts';
import { CheckpointNotKeptError, CheckpointOnFleetError } from './errors.ts';
import type { AskCheckpointInput } from './schema.ts';

export type CheckpointEvent =
  | { type: 'text'; text: string }
  | { type: 'done'; finishReason: string; promptTokens: number; completionTokens: number };
type AskDeps = Pick<Deps, 'db' | 'store' | 'env' | 'now'>;

/**
 * What a training has learnt until one of its kept checkpoints, asked by its owner while it goes on or afterwards. It costs nothing, is
 * counted with the owner's private models' answers of the day, and has no receipt: it is no model, and nobody is paid. Nothing of
 * it is written down.
 *
 * @returns when the first word may come; the answer is to be read to its end, or `signal` aborted
 * @throws NotSignedInError, RunNotFoundError, RunForbiddenError, CheckpointNotKeptError, CheckpointOnFleetError, RowsClosedError (the permission to
 *   train on the rows has ended), TooManyRequestsError (the day's answers are used), ContextTooLongError, and as openAnswer
 */
export async function askCheckpoint(
  deps: AskDeps,
  actor: Actor,
  { id, step, messages, ...options }: AskCheckpointInput,
  signal: AbortSignal,
): Promise<AsyncGenerator<CheckpointEvent>> {
  const { address } = assertAccount(actor);
  const run = await getRun(deps.db, id);
  if (run.owner !== address) throw new RunForbiddenError();
  await assertRowsOpen(deps, actor, run);
  if (Object.hasOwn(deps.env.SERVE_FLEETS ?? {}, run.baseModel)) throw new CheckpointOnFleetError(run.baseModel);
  const adapterId = await findKept(deps, run.id, step);
  const caller = hashVisitor(deps.env.SESSION_SECRET, address);
  const answer = await openAnswer(deps, { adapterId, messages, caller, topP: 1, ...options }, signal);
  try {
    const { promptIds, contextTokens } = answer;
    if (promptIds.length >= contextTokens) throw new ContextTooLongError(promptIds.length, contextTokens);
    await takePrivateAnswer(deps, address);
  } catch (error) {
    answer.cancel();
    throw error;
  }
  return readAnswer(answer);
}

/** A permission may have ended since the training; what quotes the rows is not for who may not read them. */
async function assertRowsOpen(deps: AskDeps, actor: Actor, { version }: RunSummary): Promise<void> {
  const [row] = await deps.db
    .select({ datanetId: datanetVersions.datanetId })
    .from(datanetVersions)
    .where(eq(datanetVersions.id, version.id));
  await getTrainingAccess(deps, actor, row!.datanetId);
}

async function findKept(deps: AskDeps, runId: string, step: number): Promise<string> {
  const { marks } = await findMarks(deps, runId);
  const mark = keptMarks(marks).find((one) => one.step === step);
  if (!mark || !(await deps.store.exists(contentKey(`0x${mark.sha256}`)))) throw new CheckpointNotKeptError(step);
  return checkpointAdapterId(runId, mark);
}

async function* readAnswer({
  events,
  cancel,
}: Awaited<ReturnType<typeof openAnswer>>): AsyncGenerator<CheckpointEvent> {
  try {
    for await (const event of events) {
      if (event.type === 'token') {
        if (event.text) yield { type: 'text', text: event.text };
        continue;
      }
      const { finishReason, usage } = event;
      yield { type: 'done', finishReason, ...usage };
    }
  } finally {
    cancel();
  }
}
