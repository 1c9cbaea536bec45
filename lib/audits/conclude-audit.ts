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
import { findCertificateDocument } from './find-certificate-document.ts';
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
  const subject = await describeSubject(deps, adapterId);
  const ceilingPpm = kind === 'audit' ? await findCeiling(deps, adapterId) : null;
  const context = { kind, subject, seed: auditSeed(audit, subject.adapterSha256), ceilingPpm };
  const document =
    'measured' in outcome
      ? certificateDocument(context, outcome.measured, judge(kind, outcome.measured))
      : refusalDocument(context, outcome.refused);
  const { hash } = await putContent(deps.store, encodeCertificate(document));
  const { result, refused } = document;
  const passed = result?.passed ?? false;
  // An audit that could not measure says nothing against the adapter.
  const status = passed ? 'passed' : kind === 'audit' && refused ? 'broken' : 'failed';
  await deps.db.transaction(async (tx) => {
    const ended = await tx
      .update(adapterAudits)
      .set({
        ...{ status, documentSha256: hash, alphaPpm: result?.lowerPpm ?? null },
        ...{ reasons: refused ? [refused] : (result?.reasons ?? []), effects: {} },
        ...{ leaseOwner: null, leaseUntil: null, endedAt: deps.now() },
      })
      .where(and(eq(adapterAudits.id, audit.id), eq(adapterAudits.leaseOwner, workerId)))
      .returning({ id: adapterAudits.id });
    if (ended.length === 0 || status === 'broken') return;
    const failed = kind === 'certification' ? 'refused' : 'suspended';
    const certificate = {
      status: passed ? ('certified' as const) : (failed as CertificateStatus),
      ...{ alphaPpm: document.alphaPpm, sha256: hash, changedAt: deps.now() },
    };
    await tx
      .insert(adapterCertificates)
      .values({ adapterId, ...certificate })
      .onConflictDoUpdate({ target: adapterCertificates.adapterId, set: certificate });
  });
}

/** The bound that the adapter was certified with. */
async function findCeiling(deps: Pick<Deps, 'db' | 'store'>, adapterId: string) {
  const [row] = await deps.db
    .select({ sha256: adapterAudits.documentSha256 })
    .from(adapterAudits)
    .where(and(eq(adapterAudits.adapterId, adapterId), eq(adapterAudits.kind, 'certification')));
  const document = row?.sha256 ? await findCertificateDocument(deps.store, row.sha256 as `0x${string}`) : null;
  return document?.alphaPpm ?? 0;
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
