import type { AuditKind, AuditStatus, AuditTrigger, CertificateStatus } from '#db/schema/audits.ts';

export type { AuditKind, AuditStatus, AuditTrigger, CertificateStatus };

/** What a receipt says of the adapter's certificate. Only a certified one pays by influence; all others pay flat. */
export type Certificate = {
  status: CertificateStatus;
  /** Lower 95 % bound of the adapter's linear datamodeling score, which scales what is paid by name; 0 unless certified. */
  alphaPpm: number;
  /** Hash of the certificate document, `0x` and hex; null while pending. */
  sha256: `0x${string}` | null;
};
