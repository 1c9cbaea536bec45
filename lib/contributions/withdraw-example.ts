import { and, eq, inArray } from 'drizzle-orm';
import { datanets, examples } from '#db/schema/datanets.ts';
import { erasures } from '#db/schema/erasure.ts';
import { assertAccount } from '#lib/platform/assert-account.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';
import { ExampleNotFoundError, ExampleNotWithdrawableError, NotYourExampleError } from './errors.ts';
import { givePlaceBack } from './give-place-back.ts';
import type { WithdrawExampleInput } from './schema.ts';

/**
 * Takes one's own row out: it leaves the lists at once and every version frozen from now on. A job then destroys its text everywhere,
 * also in versions that hold it (lib/datanets/erasure), whose roots stand; a salted hash stays, so that the words cannot come back under
 * another name. A row that it had replaced stands again; rows made from it stay, under the Datanet's licence.
 *
 * @throws {ExampleNotFoundError | NotYourExampleError | ExampleNotWithdrawableError | NotSignedInError}
 */
export async function withdrawExample(
  deps: Pick<Deps, 'db' | 'now'>,
  actor: Actor,
  input: WithdrawExampleInput,
): Promise<{ exampleId: string; datanetId: string; slug: string }> {
  const { address: account } = assertAccount(actor);
  return deps.db.transaction(async (tx) => {
    const [row] = await tx
      .select({
        contributor: examples.contributor,
        status: examples.status,
        datanetId: datanets.id,
        slug: datanets.slug,
      })
      .from(examples)
      .innerJoin(datanets, eq(datanets.id, examples.datanetId))
      .where(eq(examples.id, input.exampleId))
      .for('update', { of: examples });
    if (!row) throw new ExampleNotFoundError(input.exampleId);
    if (row.contributor !== account) throw new NotYourExampleError();
    const changed = await tx
      .update(examples)
      .set({ status: 'withdrawn', withdrawnAt: deps.now() })
      .where(and(eq(examples.id, input.exampleId), inArray(examples.status, ['pending', 'accepted', 'superseded'])))
      .returning({ id: examples.id });
    if (changed.length === 0) throw new ExampleNotWithdrawableError(row.status);
    if (row.status === 'accepted') await givePlaceBack(tx, input.exampleId);
    const { exampleId } = input;
    await tx
      .insert(erasures)
      .values({ exampleId, datanetId: row.datanetId, requestedBy: account, requestedAt: deps.now() })
      .onConflictDoNothing();
    return { exampleId: input.exampleId, datanetId: row.datanetId, slug: row.slug };
  });
}
