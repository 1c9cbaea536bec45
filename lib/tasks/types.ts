import type { TaskCall, TaskFile } from '#lib/kernel/task/task-schema.ts';
import type { TaskStatus } from './rules.ts';

/** An answer that a task asked for, as its page shows it. */
export type TaskAnswer = { kind: 'answer'; id: string; feeWei: bigint; modelName: string; modelSlug: string };
/** A task with everything below it. */
export type TaskNode = { kind: 'task'; file: TaskFile; calls: (TaskNode | TaskAnswer)[] };
/** `above`: the tasks that this one works for, the first one first. */
export type TaskChain = { above: TaskFile[]; node: TaskNode };

/** A task as everybody gets it, and how far it has come. */
export type TaskView = TaskFile & {
  status: TaskStatus;
  /** On which the price is held or was charged; null: on none. */
  channelId: string | null;
  /** As the books have them; what a receipt must list, and may. */
  calls: { answers: TaskCall[]; tasks: TaskCall[]; waiting: number };
};

/** A task in a list. Wei; `heldWei` is on the asker's deposit now, `chargedWei` null until it is closed with a receipt. */
export type TaskLine = {
  id: string;
  name: string;
  app: `0x${string}`;
  asker: `0x${string}` | null;
  openedAt: Date;
  status: TaskStatus;
  priceWei: bigint;
  heldWei: bigint;
  chargedWei: bigint | null;
};
export type OwnTasks = { asked: TaskLine[]; working: TaskLine[] };
