import { and, desc, eq } from 'drizzle-orm';
import { adapterAudits } from '#db/schema/audits.ts';
import { adapters, trainingRuns } from '#db/schema/models.ts';
import { assertAccount } from '#lib/platform/assert-account.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';
import { AuditForbiddenError, AuditNotPossibleError, AuditTooEarlyError } from './errors.ts';
import { findCertificate } from './queries.ts';
import { insertAudit } from './schedule-audits.ts';
import type { RequestAuditInput } from './schema.ts';

const requestEveryMs = 86_400_000;

/**
 * The owner asks for an audit, once a day. A refusal stands: measuring again until chance lets an adapter pass would be no
 * measurement.
 * @throws NotSignedInError, AuditForbiddenError, AuditNotPossibleError, AuditTooEarlyError
 */
export async function requestAudit(
  deps: Pick<Deps, 'db' | 'env' | 'now' | 'randomBytes'>,
  actor: Actor,
  { adapterId }: RequestAuditInput,
): Promise<void> {
  const { address } = assertAccount(actor);
  const [adapter] = await deps.db
    .select({ owner: trainingRuns.owner })
    .from(adapters)
    .innerJoin(trainingRuns, eq(trainingRuns.id, adapters.runId))
    .where(eq(adapters.id, adapterId));
  if (adapter?.owner !== address) throw new AuditForbiddenError();
  const { status } = await findCertificate(deps.db, adapterId);
  if (status === 'refused' || status === 'pending') throw new AuditNotPossibleError(status);
  const [last] = await deps.db
    .select({ createdAt: adapterAudits.createdAt })
    .from(adapterAudits)
    .where(and(eq(adapterAudits.adapterId, adapterId), eq(adapterAudits.trigger, 'owner')))
    .orderBy(desc(adapterAudits.createdAt))
    .limit(1);
  const waitMs = last ? last.createdAt.getTime() + requestEveryMs - deps.now().getTime() : 0;
  if (waitMs > 0) throw new AuditTooEarlyError(Math.ceil(waitMs / 1000));
  const isQueued = await insertAudit(deps, { adapterId, trigger: 'owner', requestedBy: address });
  if (!isQueued) throw new AuditNotPossibleError('open');
}
