import { desc, eq } from 'drizzle-orm';
import { adapterAudits } from '#db/schema/audits.ts';
import type { Deps } from '#lib/platform/deps.ts';
import type { CertificateDocument } from './certificate-document.ts';
import { spentCpuMs } from './day-budget.ts';
import { findCertificateDocument } from './find-certificate-document.ts';
import { findCertificate } from './queries.ts';
import { scatterPoints } from './scatter-points.ts';
import type { AuditEntry, AuditReport, MeasuredReport } from './types.ts';

const historyMax = 20;

/** Everything that a page shows of an adapter's certificate and audits; anyone may read it. */
export async function getAuditReport(
  deps: Pick<Deps, 'db' | 'store' | 'env' | 'now'>,
  adapterId: string,
): Promise<AuditReport> {
  const [certificate, rows, spentMs] = await Promise.all([
    findCertificate(deps.db, adapterId),
    deps.db
      .select()
      .from(adapterAudits)
      .where(eq(adapterAudits.adapterId, adapterId))
      .orderBy(desc(adapterAudits.createdAt))
      .limit(historyMax),
    spentCpuMs(deps.db, deps.now()),
  ]);
  const document = certificate.sha256 && (await findCertificateDocument(deps.store, certificate.sha256));
  const open = rows.find(({ status }) => status === 'queued' || status === 'running');
  const { AUDIT_CPU_SECONDS_PER_DAY: budgetSeconds, AUDIT_CPU_SECONDS: auditSeconds } = deps.env;
  const spentSeconds = Math.round(spentMs / 1000);
  return {
    certificate,
    isMeasuring: auditSeconds > 0,
    measured: document && toMeasured(document),
    refused: document ? document.refused : null,
    open: open ? toEntry(open) : null,
    waitsForBudget: open?.status === 'queued' && open.done === 0 && spentSeconds >= budgetSeconds,
    history: rows.filter(({ id }) => id !== open?.id).map(toEntry),
    day: { spentSeconds, budgetSeconds },
  };
}

function toEntry(row: typeof adapterAudits.$inferSelect): AuditEntry {
  return {
    ...{ id: row.id, kind: row.kind, trigger: row.trigger, status: row.status },
    ...{ done: row.done, total: row.total, lowerPpm: row.alphaPpm, reasons: row.reasons, error: row.error },
    cpuSeconds: Math.round(row.cpuMs / 1000),
    budgetSeconds: Math.round(row.cpuBudgetMs / 1000),
    documentSha256: row.documentSha256 as `0x${string}` | null,
    createdAt: row.createdAt.toISOString(),
    endedAt: row.endedAt?.toISOString() ?? null,
  };
}

function toMeasured(document: CertificateDocument): MeasuredReport | null {
  const { kind, rows, answers, halves, smoothness, result, bounds, withoutRow } = document;
  if (!result) return null;
  return {
    ...{ kind, rows, bounds, reasons: result.reasons },
    answers: answers.length,
    retrainings: halves.length + withoutRow.length + (smoothness?.direction.length ?? 0),
    halves: halves.length,
    smoothnessPpm: smoothness?.ppm ?? null,
    ...{ learntPpm: result.learntPpm, scorePpm: result.scorePpm },
    ...{ lowerPpm: result.lowerPpm, upperPpm: result.upperPpm },
    points: scatterPoints(halves),
    withoutRow: kind === 'audit' ? countAsPredicted(document) : null,
  };
}

function countAsPredicted({ withoutRow, answers }: CertificateDocument) {
  const asPredicted = withoutRow.filter(({ answerId, predicted, measured }) => {
    const at = answers.findIndex(({ id }) => id === answerId);
    return Math.sign(predicted[at] ?? 0) === Math.sign(measured[at] ?? 0);
  });
  return { trainings: withoutRow.length, asPredicted: asPredicted.length };
}
