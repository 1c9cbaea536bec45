import { and, eq, lt } from 'drizzle-orm';
import { inferences } from '#db/schema/models.ts';
import { findAuditToRun } from '#lib/audits/find-audit-to-run.ts';
import { requestCertifications } from '#lib/audits/request-certification.ts';
import { scheduleAudits } from '#lib/audits/schedule-audits.ts';
import { dropAbandonedUploads } from '#lib/contributions/uploads/drop-upload.ts';
import { listWaitingUploads } from '#lib/contributions/uploads/get-upload.ts';
import { listWaitingErasures } from '#lib/datanets/find-erasure.ts';
import { requestMissingEvaluations } from '#lib/evaluation/request-evaluation.ts';
import { listUnmeasured } from '#lib/guard/list-unmeasured.ts';
import { listUnscanned } from '#lib/guard/list-unscanned.ts';
import { listUnmeasuredAdapters } from '#lib/harm/list-unmeasured-adapters.ts';
import { issueTrainingReceipts } from '#lib/model-factory/billing/issue-training-receipts.ts';
import { listRunsToTake } from '#lib/model-factory/run-lease.ts';
import { followUpTransactions } from '#lib/platform/chain/follow-up-transactions.ts';
import type { Deps } from '#lib/platform/deps.ts';
import { findDuePayout } from '#lib/rewards/find-due-payout.ts';
import { isSettlementDue } from '#lib/rewards/is-settlement-due.ts';
import { listChannelsToClaim } from '#lib/rewards/list-channels-to-claim.ts';
import { stopFailingCanaries } from '#lib/serving/canary/stop-failing-canaries.ts';
import { releaseAbandonedInferences } from '#lib/serving/release-inference.ts';
import { lapseTasks } from '#lib/tasks/lapse-tasks.ts';
import { settleRounds } from '#lib/validation/settle-rounds.ts';

const attributionLateMs = 15_000;

/**
 * Repairs what a killed process left, and queues what time demands: holds of answers nobody writes any more, runs whose
 * lease is over, receipts and uploads whose job was lost, vouchers that should be claimed now, the next reward period.
 * Harmless to repeat: jobs have keys.
 */
export async function sweep(
  deps: Pick<Deps, 'db' | 'store' | 'queue' | 'chain' | 'operator' | 'env' | 'log' | 'now' | 'randomBytes'>,
): Promise<void> {
  for (const exampleId of await listWaitingErasures(deps.db))
    await deps.queue.send('erase-row', { exampleId }, { key: exampleId });
  const released = await releaseAbandonedInferences(deps);
  if (released > 0) deps.log.warn({ released }, 'gave back the holds of abandoned answers');
  const lapsed = await lapseTasks(deps);
  if (lapsed > 0) deps.log.warn({ lapsed }, 'gave back what was held for tasks that nobody closed');
  for (const stopped of await stopFailingCanaries(deps)) deps.log.warn(stopped, 'took back a canary that failed');
  for (const runId of await listRunsToTake(deps)) await deps.queue.send('train-adapter', { runId }, { key: runId });
  for (const inferenceId of await listLateAttributions(deps)) {
    await deps.queue.send('attribute-inference', { inferenceId }, { key: inferenceId });
  }
  for (const adapterId of await listUnmeasuredAdapters(deps.db)) {
    await deps.queue.send('measure-harm', { adapterId }, { key: adapterId });
  }
  for (const evaluationId of await requestMissingEvaluations(deps)) {
    await deps.queue.send('evaluate-adapter', { evaluationId }, { key: evaluationId });
  }
  await issueTrainingReceipts(deps); // of runs that ended in the web process, or whose worker died then
  await requestCertifications(deps);
  await scheduleAudits(deps);
  const audit = await findAuditToRun(deps);
  if (audit) await deps.queue.send('audit-adapter', { auditId: audit.id }, { key: audit.id });
  if (await isSettlementDue(deps)) {
    const requestedAt = deps.now().toISOString();
    await deps.queue.send('settle-reward-period', { requestedAt }, { key: 'settle' });
  }
  if ((await listChannelsToClaim(deps)).length > 0) {
    await deps.queue.send('claim-vouchers', { requestedAt: deps.now().toISOString() }, { key: 'claim' });
  }
  for (const uploadId of await listWaitingUploads(deps)) {
    await deps.queue.send('read-upload', { uploadId }, { key: uploadId });
  }
  await dropAbandonedUploads(deps);
  if (await findDuePayout(deps)) {
    await deps.queue.send('pay-pools', { requestedAt: deps.now().toISOString() }, { key: 'pay-pools' });
  }
  for (const datanetId of await listUnscanned(deps)) {
    await deps.queue.send('scan-datanet', { datanetId }, { key: datanetId });
  }
  for (const datanetId of await listUnmeasured(deps.db)) {
    await deps.queue.send('measure-perplexity', { datanetId }, { key: datanetId });
  }
  const settled = await settleRounds(deps);
  if (settled > 0) deps.log.info({ settled }, 'settled rounds of validators');
  const sent = await followUpTransactions(deps);
  if (sent > 0) deps.log.warn({ sent }, 'sent transactions again that the chain does not have');
}

async function listLateAttributions(deps: Pick<Deps, 'db' | 'now'>): Promise<string[]> {
  const before = new Date(deps.now().getTime() - attributionLateMs);
  const rows = await deps.db
    .select({ id: inferences.id })
    .from(inferences)
    .where(and(eq(inferences.attributionStatus, 'queued'), lt(inferences.completedAt, before)))
    .limit(500);
  return rows.map((row) => row.id);
}
