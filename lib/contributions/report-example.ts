import { eq } from 'drizzle-orm';
import { datanets, examples } from '#db/schema/datanets.ts';
import { harmFlagRows, harmFlags } from '#db/schema/lineage.ts';
import { assertAccount } from '#lib/platform/assert-account.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';
import { newId } from '#lib/platform/new-id.ts';
import { ExampleNotFoundError, ExampleNotReportableError } from './errors.ts';
import type { ReportExampleInput } from './schema.ts';

/**
 * Tells the curators that a row has a fault. When one agrees and somebody mends the row, the first reporter has the feedback
 * part of what the mended row earns. Each person once a row.
 *
 * @throws {ExampleNotFoundError | ExampleNotReportableError | NotSignedInError}
 */
export async function reportExample(
  deps: Pick<Deps, 'db' | 'now' | 'randomBytes'>,
  actor: Actor,
  input: ReportExampleInput,
): Promise<{ flagId: string; datanetSlug: string }> {
  const { address: account } = assertAccount(actor);
  return deps.db.transaction(async (tx) => {
    const [row] = await tx
      .select({ example: examples, slug: datanets.slug })
      .from(examples)
      .innerJoin(datanets, eq(datanets.id, examples.datanetId))
      .where(eq(examples.id, input.exampleId));
    if (!row) throw new ExampleNotFoundError(input.exampleId);
    const { id: exampleId, status, contributor, datanetId } = row.example;
    if (status !== 'accepted') {
      throw new ExampleNotReportableError(`This row is ${status}; only accepted rows can be reported.`);
    }
    if (contributor === account) {
      throw new ExampleNotReportableError('This row is your own: improve it, or withdraw it.');
    }
    const id = newId(deps, 'harmFlag');
    const flag = {
      ...{ id, datanetId, contributor, reportedBy: account, kind: 'report' as const },
      evidence: { kind: 'report', text: input.text },
      subjectKey: `${exampleId}:${account}`,
      createdAt: deps.now(),
    };
    const inserted = await tx.insert(harmFlags).values(flag).onConflictDoNothing().returning({ id: harmFlags.id });
    if (inserted.length === 0) throw new ExampleNotReportableError('You have reported this row already.');
    await tx.insert(harmFlagRows).values({ flagId: id, exampleId });
    return { flagId: id, datanetSlug: row.slug };
  });
}
