import { verifyMessage } from 'viem';
import type { StepOutcome } from '../verification/step-outcome.ts';
import { taskHash } from './task-hash.ts';
import { type TaskFile, type TaskReceiptBody, taskReceiptSchema, taskSchema } from './task-schema.ts';

/** A step of a task: `id` is stable, for programs. */
export const taskStep = (id: string, name: string, wrong: string | null, detail: string): StepOutcome => ({
  ...{ id, name, state: wrong === null ? 'ok' : 'differs', detail: wrong ?? detail },
});

/**
 * What a task says, held against itself alone: schema, hashes, signatures, sums. Ends with the first step that differs, because
 * the rest rests on it. Runs in a browser.
 */
export async function checkTask(file: TaskFile): Promise<StepOutcome[]> {
  const { task, hash, signature, receipt } = file;
  const shape =
    taskSchema.safeParse(task).error?.issues[0] ??
    (receipt && taskReceiptSchema.safeParse(receipt.body).error?.issues[0]);
  const schema = taskStep(
    'task-schema',
    'Fits the schema of tasks',
    shape ? `${shape.path.join('.')}: ${shape.message}` : null,
    'every field, and no other',
  );
  if (shape) return [schema];
  const steps = [schema, equal('task-hash', 'Hash of the opening', hash, taskHash(task))];
  steps.push(await signed('task-signature', 'Opening signed by the app', task.app, hash, signature));
  steps.push(placeStep(task));
  if (receipt) {
    const { body } = receipt;
    steps.push(equal('task-receipt-hash', "Hash of the task's receipt", receipt.hash, taskHash(body)));
    steps.push(
      await signed('task-receipt-signature', 'Receipt signed by the app', task.app, receipt.hash, receipt.appSignature),
    );
    steps.push(
      await signed(
        'task-countersignature',
        'Receipt signed by the gateway',
        task.gateway,
        receipt.hash,
        receipt.gatewaySignature,
      ),
    );
    steps.push(
      taskStep(
        'task-terms',
        'Receipt is of this opening',
        termsDiffer(file, body),
        `${body.outcome}, ${body.calls.length} calls`,
      ),
    );
    steps.push(
      taskStep(
        'task-sums',
        'Sums of fees',
        sumsDiffer(file, body),
        `charged ${body.feeWei} wei, calls cost ${body.costWei} wei`,
      ),
    );
  }
  const wrong = steps.findIndex(({ state }) => state === 'differs');
  return wrong < 0 ? steps : steps.slice(0, wrong + 1);
}

function placeStep({ parent, depth, asker, priceWei }: TaskFile['task']): StepOutcome {
  const misplaced =
    (parent === null) === (depth === 1) ? null : `level ${depth} ${parent ? 'with' : 'without'} a task above`;
  const unpaid = asker === null && priceWei !== '0' ? `${priceWei} wei, and nobody who pays it` : null;
  return taskStep('task-place', 'Level and asker', misplaced ?? unpaid, `level ${depth}, ${asker ?? 'free of charge'}`);
}

function termsDiffer({ task, hash }: TaskFile, body: TaskReceiptBody): string | null {
  const facts: [string, unknown, unknown][] = [
    ['task', task.id, body.taskId],
    ['hash of the opening', hash, body.taskHash],
    ['app', task.app, body.app],
    ['gateway', task.gateway, body.gateway],
    ['payer', body.feeWei === '0' ? null : task.asker, body.payer],
  ];
  const wrong = facts.find(([, opened, closed]) => opened !== closed);
  return wrong ? `${wrong[0]}: opened with ${String(wrong[1])}, closed with ${String(wrong[2])}` : null;
}

/** The rule of fees: the asker pays the price or nothing, and nothing for work that failed; the calls' fees add up to the cost. */
function sumsDiffer({ task }: TaskFile, body: TaskReceiptBody): string | null {
  const costWei = body.calls.reduce((sum, { feeWei }) => sum + BigInt(feeWei), 0n);
  if (costWei !== BigInt(body.costWei)) return `the calls cost ${costWei} wei, the receipt says ${body.costWei}`;
  const agreed = body.outcome === 'done' ? [task.priceWei, '0'] : ['0'];
  if (!agreed.includes(body.feeWei)) return `${body.feeWei} wei charged; agreed was ${agreed.join(' or ')}`;
  const keys = body.calls.map(({ kind, id }) => `${kind} ${id}`);
  return keys.every((key, i) => i === 0 || keys[i - 1]! < key)
    ? null
    : 'the calls are not in order, or one stands twice';
}

const equal = (id: string, name: string, said: string, found: string): StepOutcome =>
  taskStep(id, name, said === found ? null : `says ${said}, recomputed ${found}`, found);

async function signed(id: string, name: string, address: string, hash: `0x${string}`, signature: `0x${string}`) {
  const message = { raw: hash };
  const ok = await verifyMessage({ address: address as `0x${string}`, message, signature }).catch(() => false);
  return taskStep(id, name, ok ? null : `not signed by ${address}`, address);
}
