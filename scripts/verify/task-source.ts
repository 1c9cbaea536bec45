import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TaskFile } from '#lib/kernel/task/task-schema.ts';
import type { TaskSource } from '#lib/kernel/task/verify-task.ts';
import type { ReceiptEnvelope } from './receipt-envelope.ts';
import type { ReceiptServer } from './receipt-server.ts';

type Place = { envelope: Pick<ReceiptEnvelope, 'folder'>; server: ReceiptServer | null };

/** A task from `<folder>/tasks/<id>.json`, else from the server; null where neither has it. */
export async function findTask(id: string, { envelope, server }: Place): Promise<TaskFile | null> {
  const beside = envelope.folder && join(envelope.folder, 'tasks', `${id}.json`);
  if (beside && existsSync(beside)) return JSON.parse(await readFile(beside, 'utf8')) as TaskFile;
  return server ? ((await server.json(`/api/v1/tasks/${encodeURIComponent(id)}`)) as TaskFile | null) : null;
}

/** All documents of a chain of tasks from the server. */
export function openTaskSource(server: ReceiptServer): TaskSource {
  return {
    task: (id) => findTask(id, { envelope: { folder: null }, server }),
    async receipt(id) {
      const found = (await server.json(`/api/v1/receipts/${encodeURIComponent(id)}`)) as { body?: unknown } | null;
      return found && 'body' in found ? (found as Awaited<ReturnType<TaskSource['receipt']>>) : null;
    },
  };
}
