import { eq } from 'drizzle-orm';
import { type Hex, verifyMessage } from 'viem';
import { receipts } from '#db/schema/models.ts';
import { tasks } from '#db/schema/tasks.ts';
import { canonicalJson, type Json } from '#lib/kernel/canonical-json.ts';
import { checkTask } from '#lib/kernel/task/check-task.ts';
import { taskHash } from '#lib/kernel/task/task-hash.ts';
import type { TaskCall, TaskFile, TaskReceiptBody } from '#lib/kernel/task/task-schema.ts';
import type { Deps } from '#lib/platform/deps.ts';
import { postLedger } from '#lib/platform/ledger/post-ledger.ts';
import { newId } from '#lib/platform/new-id.ts';
import { TaskBusyError, TaskClosedError, TaskInvalidError, TaskNotFoundError } from './errors.ts';
import { listCalls } from './list-calls.ts';
import { releaseHold } from './release-hold.ts';
import { isNow, taskOpenMs } from './rules.ts';
import type { CloseTaskInput } from './schema.ts';
import { toTaskFile } from './to-task-file.ts';

type CloseDeps = Pick<Deps, 'db' | 'operator' | 'now' | 'randomBytes'>;
type TaskRow = typeof tasks.$inferSelect;

/**
 * Closes a task with the receipt that its app signed. The gateway compares it with its own books: every answer that was asked for
 * within the task is listed, at its hash and fee; tasks below are those that the app says it called. Then it signs too, charges
 * the asker what was agreed (or gives it back, where the work failed), and the amount becomes the app's in the next reward period.
 * One transaction; the same receipt sent again changes nothing.
 *
 * @throws TaskNotFoundError, TaskClosedError, TaskBusyError, TaskInvalidError that says what does not fit
 */
export async function closeTask(deps: CloseDeps, { id, receipt: body, signature }: CloseTaskInput): Promise<TaskFile> {
  const hash = taskHash(body);
  const gatewaySignature = await deps.operator.signMessage!({ message: { raw: hash } });
  const signed = { body, hash, appSignature: signature, gatewaySignature };
  return deps.db.transaction(async (tx) => {
    const [row] = await tx.select().from(tasks).where(eq(tasks.id, id)).for('update');
    if (!row) throw new TaskNotFoundError();
    if (row.status === 'closed') {
      if (row.receiptHash === hash) return toTaskFile(row);
      throw new TaskClosedError();
    }
    const now = deps.now();
    if (now.getTime() - row.openedAt.getTime() > taskOpenMs) throw new TaskClosedError();
    const isSigned = await verifyMessage({ address: row.body.app, message: { raw: hash }, signature }).catch(
      () => false,
    );
    if (!isSigned) throw new TaskInvalidError(`the receipt is not signed by ${row.app}`);
    const calls = await listCalls(tx, id);
    if (calls.waiting > 0) throw new TaskBusyError(calls.waiting);
    await assertFits(row, { ...toTaskFile(row), receipt: signed }, calls, now);
    const feeWei = BigInt(body.feeWei);
    await releaseHold(tx, row, feeWei, now);
    const receiptId = feeWei > 0n ? taskReceiptId(id) : null;
    if (receiptId) {
      const charged = { body, hash, signature: gatewaySignature, feeWei, createdAt: now };
      await tx.insert(receipts).values({ id: receiptId, inferenceId: null, modelId: null, ...charged });
      await postLedger(tx, {
        ...{ key: `charge:${id}`, kind: 'charge', at: now, id: newId(deps, 'ledger') },
        entries: [
          { account: `channel:${row.channelId as Hex}`, amountWei: feeWei },
          { account: 'revenue:unsettled', amountWei: -feeWei },
        ],
      });
    }
    const closed = {
      status: 'closed' as const,
      closedAt: now,
      receiptBody: body,
      receiptHash: hash,
      receiptId,
      heldWei: 0n,
    };
    await tx
      .update(tasks)
      .set({ ...closed, appSignature: signature, gatewaySignature })
      .where(eq(tasks.id, id));
    return { ...toTaskFile(row), receipt: signed };
  });
}

/** Behind `rcp_` of answers and `rct_` of trainings, so that a period's file stays in the order of ids. */
const taskReceiptId = (taskId: string) => taskId.replace(/^task_/, 'rtk_');

async function assertFits(row: TaskRow, file: TaskFile, calls: Awaited<ReturnType<typeof listCalls>>, now: Date) {
  const body = file.receipt!.body;
  const wrong = (await checkTask(file)).find(({ state }) => state === 'differs');
  if (wrong) throw new TaskInvalidError(`${wrong.name}: ${wrong.detail}`);
  if (!isNow(body.closedAt, now)) throw new TaskInvalidError('closedAt is not now');
  const feeWei = body.outcome === 'done' && row.status === 'accepted' ? row.heldWei.toString() : '0';
  if (body.feeWei !== feeWei) throw new TaskInvalidError(`${body.feeWei} wei charged; to be charged are ${feeWei}`);
  if (body.channelId !== channelOf(row, body)) throw new TaskInvalidError('channelId is not the one that is charged');
  assertListed(body, calls);
}

const channelOf = (row: TaskRow, { feeWei }: TaskReceiptBody) => (feeWei === '0' ? null : row.channelId);

function assertListed({ calls }: TaskReceiptBody, known: { answers: TaskCall[]; tasks: TaskCall[] }): void {
  const answers = calls.filter(({ kind }) => kind === 'answer');
  const asText = (list: readonly TaskCall[]) => canonicalJson(list as unknown as Json);
  if (asText(answers) !== asText(known.answers))
    throw new TaskInvalidError(`its answers are not those of the books, which are ${asText(known.answers)}`);
  const inner = new Set(known.tasks.map((call) => asText([call])));
  const stranger = calls.find((call) => call.kind === 'task' && !inner.has(asText([call])));
  if (stranger) throw new TaskInvalidError(`${stranger.id} is no closed task of this one with that hash and fee`);
}
