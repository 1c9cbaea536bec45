import { type ReceiptBody, receiptHash } from '../receipt.ts';
import { parseReceipt } from '../verification/parse-receipt.ts';
import type { StepOutcome } from '../verification/step-outcome.ts';
import { verifyReceipt } from '../verify-receipt.ts';
import { checkTask, taskStep } from './check-task.ts';
import { type TaskCall, type TaskFile, taskDepthMax } from './task-schema.ts';

/** Where a chain's documents come from. Null: not there. Throws where fetching failed. */
export type TaskSource = {
  task(id: string): Promise<TaskFile | null>;
  /** Receipt of an answer: body, hash, signature as its gateway gives them. */
  receipt(id: string): Promise<{ body: unknown; hash: `0x${string}`; signature: `0x${string}` } | null>;
};

/**
 * Checks a chain from one of its tasks: the task itself, every call below it down to the models' receipts, and the tasks above
 * it. Each link is checked from both of its ends: the inner one names the outer one's opening by hash, the outer one lists the
 * inner one's receipt by hash with what it cost. Says of each step what came out, ends with the first that differs. No circle can
 * be built, and depth is at most 8, so it ends. What an answer rests on is for `verifyEvidence` of its receipt.
 */
export async function* verifyTask(id: string, source: TaskSource): AsyncGenerator<StepOutcome> {
  for await (const step of chainOf(id, source)) {
    yield step;
    if (step.state === 'differs') return;
  }
}

async function* chainOf(id: string, source: TaskSource): AsyncGenerator<StepOutcome> {
  const file = await source.task(id);
  if (!file) return yield taskStep('task-found', 'Task', `there is no task ${id}`, '');
  yield* below(file, source);
  yield* above(file, source);
}

/** The tasks that this one works for, up to the first. Also for a receipt of an answer, from the task that it names. */
export async function* above(file: TaskFile, source: TaskSource): AsyncGenerator<StepOutcome> {
  for (let inner = file; inner.task.parent; ) {
    const outer = await source.task(inner.task.parent.id);
    if (!outer) return yield taskStep('task-parent', 'Task above', `there is no task ${inner.task.parent.id}`, '');
    for (const step of await checkTask(outer)) yield named(step, outer);
    yield taskStep(
      'task-parent',
      'Works for the task above',
      parentDiffers(inner, outer),
      `${outer.task.name} (${outer.task.id})`,
    );
    yield listed(outer, {
      kind: 'task',
      id: inner.task.id,
      hash: inner.receipt?.hash ?? null,
      feeWei: inner.receipt?.body.feeWei ?? null,
    });
    inner = outer;
  }
}

function parentDiffers({ task }: TaskFile, outer: TaskFile): string | null {
  if (task.parent?.hash !== outer.hash) return `names the opening ${task.parent?.hash}, which is ${outer.hash}`;
  if (task.depth !== outer.task.depth + 1) return `depth ${task.depth} under depth ${outer.task.depth}`;
  if (task.gateway !== outer.task.gateway) return `gateway ${task.gateway} under ${outer.task.gateway}`;
  const isAskedByParent = task.asker === null || task.asker === outer.task.app;
  return isAskedByParent ? null : `${task.asker} pays, and not the app above, ${outer.task.app}`;
}

/** Whether a closed task lists a call, with the hash and fee that the call has. */
export function listed(
  { task, receipt }: TaskFile,
  call: Pick<TaskCall, 'kind' | 'id'> & { hash: string | null; feeWei: string | null },
): StepOutcome {
  const name = 'Listed by the task above';
  if (!receipt) return { id: 'task-listed', name, state: 'skipped', detail: `${task.id} is not closed yet` };
  const found = receipt.body.calls.find(({ kind, id }) => kind === call.kind && id === call.id);
  if (!found) return taskStep('task-listed', name, `${task.id} does not list ${call.id}`, '');
  const same = found.hash === call.hash && found.feeWei === call.feeWei;
  const says = `${found.hash}, ${found.feeWei} wei`;
  return taskStep(
    'task-listed',
    name,
    same ? null : `${task.id} says ${says}; it is ${call.hash}, ${call.feeWei} wei`,
    says,
  );
}

async function* below(file: TaskFile, source: TaskSource, level = 1): AsyncGenerator<StepOutcome> {
  for (const step of await checkTask(file)) yield named(step, file);
  if (!file.receipt)
    return yield { id: 'task-closed', name: "Task's receipt", state: 'skipped', detail: 'it is not closed yet' };
  for (const call of file.receipt.body.calls) {
    if (call.kind === 'answer') {
      yield await checkAnswer(file, call, source);
      continue;
    }
    const inner = await source.task(call.id);
    const wrong = !inner
      ? `there is no task ${call.id}`
      : level >= taskDepthMax
        ? `deeper than ${taskDepthMax}`
        : (parentDiffers(inner, file) ?? callDiffers(call, inner.receipt?.hash, inner.receipt?.body.feeWei));
    yield taskStep('task-call', `Call of ${inner?.task.name ?? call.id}`, wrong, `${call.feeWei} wei`);
    if (inner) yield* below(inner, source, level + 1);
  }
}

async function checkAnswer({ task, hash }: TaskFile, call: TaskCall, source: TaskSource): Promise<StepOutcome> {
  const found = await source.receipt(call.id);
  const name = `Answer ${call.id}`;
  if (!found) return taskStep('task-call', name, 'there is no such receipt', '');
  const { body, problem } = parseReceipt(found.body);
  if (!body) return taskStep('task-call', name, problem, '');
  const own = (await verifyReceipt(body, found.hash, found.signature)).find(({ ok }) => !ok);
  const wrong = own
    ? `${own.name}: ${own.detail}`
    : body.id !== call.id
      ? `the receipt is ${body.id}`
      : (taskDiffers(body, hash, task.gateway) ?? callDiffers(call, receiptHash(body), body.feeWei));
  return taskStep('task-call', name, wrong, `${body.model.id}, ${call.feeWei} wei`);
}

function taskDiffers(body: ReceiptBody, hash: string, gateway: string): string | null {
  if (body.version !== 3) return 'it names no task';
  if (body.task.hash !== hash) return `it names the opening ${body.task.hash}, not ${hash}`;
  return body.gateway === gateway ? null : `signed by ${body.gateway}, not by ${gateway}`;
}

function callDiffers(call: TaskCall, hash: string | undefined, feeWei: string | undefined): string | null {
  if (hash === undefined) return 'it is not closed';
  if (call.hash !== hash) return `hash: the task says ${call.hash}, it is ${hash}`;
  return call.feeWei === feeWei ? null : `fee: the task says ${call.feeWei} wei, it is ${feeWei}`;
}

const named = (step: StepOutcome, { task }: TaskFile): StepOutcome => ({ ...step, name: `${task.name}: ${step.name}` });
