import type { Page } from '#lib/datanets/types.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';
import { listExamples } from './list-examples.ts';
import type { ExampleRow } from './types.ts';

/** Rows that wait for a curator, oldest first. Keyset; every page costs the same. Of a private Datanet for readers alone: RowsClosedError. */
export async function reviewQueue(
  deps: Pick<Deps, 'db' | 'now'>,
  actor: Actor,
  input: { datanetId: string; after?: string | undefined; limit?: number },
): Promise<Page<ExampleRow>> {
  return listExamples(deps, actor, input.datanetId, {
    status: 'pending',
    q: '',
    limit: input.limit ?? 50,
    after: input.after,
  });
}
