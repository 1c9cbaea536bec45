import { BaseError } from '#lib/kernel/base-error.ts';
import { formatOpen } from '#lib/kernel/money.ts';

export class TaskNotFoundError extends BaseError {
  readonly code = 'task_not_found';
  readonly category = 'not-found';
  constructor() {
    super('There is no task with this id. Its app opens it with POST /api/v1/tasks before it calls anybody.');
  }
}

export class TaskInvalidError extends BaseError {
  readonly code = 'task_invalid';
  readonly category = 'invalid';
  constructor(why: string) {
    super(`The task was refused: ${why}.`);
  }
}

export class TaskClosedError extends BaseError {
  readonly code = 'task_closed';
  readonly category = 'conflict';
  constructor() {
    super('This task is closed. Open a new one for further work.');
  }
}

/** Calls within a task are made and paid by its app, so that nobody else can add to what it cost. */
export class TaskForbiddenError extends BaseError {
  readonly code = 'task_forbidden';
  readonly category = 'forbidden';
  constructor(why: string) {
    super(`This is for another account: ${why}.`);
  }
}

export class TaskPriceError extends BaseError {
  readonly code = 'task_price';
  readonly category = 'conflict';
  constructor(priceWei: bigint, maxWei: bigint) {
    super(
      `The work costs ${formatOpen(priceWei)} OPEN, and you agreed to at most ${formatOpen(maxWei)} OPEN. Nothing was held or charged.`,
      { facts: { priceWei: priceWei.toString(), maxWei: maxWei.toString() } },
    );
  }
}

export class TaskBusyError extends BaseError {
  readonly code = 'task_busy';
  readonly category = 'conflict';
  constructor(waiting: number) {
    super(`${waiting} of the task's answers are being written or have no receipt yet. Close it in a few seconds.`, {
      facts: { waiting },
      retryAfterSeconds: 2,
    });
  }
}
