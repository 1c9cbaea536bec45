import { fetchTask } from '#components/receipts/browser-evidence.ts';
import type { TaskSource } from '#lib/kernel/task/verify-task.ts';

/** The documents of a chain as the API gives them. Throws where the server does not answer. */
export function fetchChainSource(): TaskSource {
  return {
    task: fetchTask,
    async receipt(id) {
      const response = await fetch(`/api/v1/receipts/${encodeURIComponent(id)}`);
      if (response.status === 404) return null;
      if (!response.ok) throw new Error('The server did not give the receipt. Try again in a moment.');
      const found = (await response.json()) as Partial<NonNullable<Awaited<ReturnType<TaskSource['receipt']>>>>;
      const { body, hash, signature } = found;
      return body && hash && signature ? { body, hash, signature } : null;
    },
  };
}
