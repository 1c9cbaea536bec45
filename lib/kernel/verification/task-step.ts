import { receiptHash } from '../receipt.ts';
import { checkTask } from '../task/check-task.ts';
import { above, listed } from '../task/verify-task.ts';
import { compare, differs, type EvidenceStep, ok, skipped } from './evidence-step.ts';
import type { StepOutcome } from './step-outcome.ts';

/**
 * The task that an answer was asked for, and those that it worked for: openings are signed and hashed as named, and where a task
 * is closed its receipt lists what was asked. Only receipts of version 3 name a task.
 */
export const taskEvidenceStep: EvidenceStep = {
  id: 'task',
  name: 'Task of the app that asked',
  async check({ evidence, body }) {
    if (body.version !== 3) return skipped('it names none');
    const file = await evidence.tasks(body.task.id);
    if (!file) return skipped(`the task ${body.task.id} is not at hand`);
    const hash = compare('opening of the task', body.task.hash, file.hash);
    if (hash.state !== 'ok') return hash;
    const app = compare('app', body.task.app, file.task.app);
    if (app.state !== 'ok') return app;
    const call = { kind: 'answer' as const, id: body.id, hash: receiptHash(body), feeWei: body.feeWei };
    const steps: StepOutcome[] = [...(await checkTask(file)), listed(file, call)];
    for await (const step of above(file, { task: evidence.tasks, receipt: async () => null })) steps.push(step);
    const wrong = steps.find(({ state }) => state === 'differs');
    if (wrong) return differs(`${wrong.name}: ${wrong.detail}`);
    const open = file.receipt ? '' : ', not closed yet';
    return ok(`${file.task.name}, level ${file.task.depth}, ${body.task.id}${open}`);
  },
};
