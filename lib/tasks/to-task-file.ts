import type { Hex } from 'viem';
import type { tasks } from '#db/schema/tasks.ts';
import type { TaskFile } from '#lib/kernel/task/task-schema.ts';

/** A stored task as everybody gets it. */
export function toTaskFile(row: typeof tasks.$inferSelect): TaskFile {
  const { body: task, receiptBody: body, receiptHash, appSignature, gatewaySignature } = row;
  const receipt =
    body && receiptHash && appSignature && gatewaySignature
      ? {
          ...{ body, hash: receiptHash as Hex, appSignature: appSignature as Hex },
          gatewaySignature: gatewaySignature as Hex,
        }
      : null;
  return { task, hash: row.hash as Hex, signature: row.signature as Hex, receipt };
}
