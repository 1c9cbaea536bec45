import { z } from 'zod';

export const requestAuditSchema = z.object({ adapterId: z.string().min(1).max(64) });
export type RequestAuditInput = z.output<typeof requestAuditSchema>;

/** A certificate by its adapter, or one that a receipt names by hash. */
export const getCertificateSchema = z.object({
  id: z.string().min(1).max(64),
  sha256: z.templateLiteral(['0x', z.string().regex(/^[0-9a-f]{64}$/)]).optional(),
});
