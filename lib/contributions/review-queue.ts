import type { DatabaseOrTransaction } from '#db/client.ts';
import type { Page } from '#lib/datanets/types.ts';
import { listExamples } from './list-examples.ts';
import type { ExampleRow } from './types.ts';

/** Rows that wait for a curator, oldest first. Keyset; every page costs the same. */
export async function reviewQueue(
  db: DatabaseOrTransaction,
  input: { datanetId: string; after?: string | undefined; limit?: number },
): Promise<Page<ExampleRow>> {
  return listExamples(db, input.datanetId, {
    status: 'pending',
    q: '',
    limit: input.limit ?? 50,
    after: input.after,
  });
}
