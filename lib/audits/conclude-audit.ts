import { and, eq } from 'drizzle-orm';
import { adapterAudits, adapterCertificates } from '#db/schema/audits.ts';
import { adapters } from '#db/schema/models.ts';
import type { Deps } from '#lib/platform/deps.ts';
import { putContent } from '#lib/platform/storage/content-address.ts';
import type { LeasedAudit } from './audit-lease.ts';
import {
  type CertificateSubject,
  certificateDocument,
  encodeCertificate,
  refusalDocument,
} from './certificate-document.ts';
import { findStanding } from './find-standing.ts';
import { judge } from './rules.ts';
import type { CertificateStatus, MeasuredAttribution, RefusalReason } from './types.ts';

type Outcome = { measured: MeasuredAttribution } | { refused: RefusalReason };
type ConcludeDeps = Pick<Deps, 'db' | 'store' | 'now'>;

/**
 * Ends a measurement: stores its document and moves the adapter's certificate with it, in one transaction. A certification
 * certifies or refuses, for good. An audit keeps a certificate, at the lower of both bounds, suspends it, or ends its
 * suspension; one that could measure nothing changes nothing. Does nothing when the lease is lost.
 */
export async function concludeAudit(
  deps: ConcludeDeps,
  audit: LeasedAudit,
  workerId: string,
  outcome: Outcome,
): Promise<void> {
  const { kind, adapterId } = audit;
  const standing = kind === 'audit' ? await findStanding(deps, adapterId) : null;
  const subject = await describeSubject(deps, adapterId);
  const context = { kind, subject, seed: auditSeed(audit, subject.adapterSha256), standing };
  const verdict = 'measured' in outcome ? judge(kind, outcome.measured) : null;
  const document =
    'measured' in outcome
      ? certificateDocument(context, outcome.measured, judge(kind, outcome.measured))
      : refusalDocument(context, outcome.refused);
  const { hash } = await putContent(deps.store, encodeCertificate(document));
  const reasons = verdict?.reasons ?? ('refused' in outcome ? [outcome.refused] : []);
  const status = verdict ? (verdict.passed ? 'passed' : 'failed') : kind === 'certification' ? 'failed' : 'broken';
  await deps.db.transaction(async (tx) => {
    const ended = await tx
      .update(adapterAudits)
      .set({
        ...{ status, reasons, documentSha256: hash, alphaPpm: verdict?.figures.lowerPpm ?? null },
        ...{ effects: {}, leaseOwner: null, leaseUntil: null, endedAt: deps.now() },
      })
      .where(and(eq(adapterAudits.id, audit.id), eq(adapterAudits.leaseOwner, workerId)))
      .returning({ id: adapterAudits.id });
    if (ended.length === 0 || status === 'broken') return;
    const passed = status === 'passed';
    const [first] = await tx
      .select({ alphaPpm: adapterAudits.alphaPpm })
      .from(adapterAudits)
      .where(and(eq(adapterAudits.adapterId, adapterId), eq(adapterAudits.kind, 'certification')));
    const ceiling = kind === 'audit' ? (first?.alphaPpm ?? 0) : 1_000_000;
    const certificate: { status: CertificateStatus; alphaPpm: number; sha256: string; changedAt: Date } = {
      status: passed ? 'certified' : kind === 'certification' ? 'refused' : 'suspended',
      alphaPpm: passed ? Math.min(verdict!.alphaPpm, ceiling) : 0,
      sha256: hash,
      changedAt: deps.now(),
    };
    await tx
      .insert(adapterCertificates)
      .values({ adapterId, ...certificate })
      .onConflictDoUpdate({ target: adapterCertificates.adapterId, set: certificate });
  });
}

/**
 * What decides prompts and halves. A certification's follows from the adapter, which nobody knows before it is trained; an
 * audit's from its random id, so that no two measure the same halves.
 */
export function auditSeed({ id, kind }: Pick<LeasedAudit, 'id' | 'kind'>, adapterSha256: string): string {
  return kind === 'certification' ? adapterSha256 : `${adapterSha256}|${id}`;
}

/** What of the adapter's manifest a measurement rests on. */
export async function describeSubject(deps: Pick<Deps, 'db'>, adapterId: string): Promise<CertificateSubject> {
  const [adapter] = await deps.db.select().from(adapters).where(eq(adapters.id, adapterId));
  if (!adapter) throw new Error(`adapter ${adapterId} does not exist`);
  const manifest = adapter.manifest as {
    baseSha256?: string;
    engineVersion?: string;
    datasetRoot?: string;
    dataset?: { versionRoot?: string } | null;
    recipe?: unknown;
  };
  const { baseSha256 = '', engineVersion = '', datasetRoot = '', dataset, recipe } = manifest;
  return {
    ...{ adapterId, adapterSha256: adapter.sha256, indexSha256: adapter.indexSha256 },
    ...{ baseSha256, engineVersion, datasetRoot, versionRoot: dataset?.versionRoot ?? datasetRoot },
    recipe: JSON.stringify(recipe ?? null),
  };
}
