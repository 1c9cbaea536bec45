import { sha256 } from 'viem';
import type { ReceiptBody } from '../receipt.ts';
import { compare, differs, type EvidenceStep, ok, skipped } from './evidence-step.ts';

/** Whoever signed is the gateway that the reader trusts; otherwise anybody could sign anything under a name of their own. */
export const signerStep: EvidenceStep = {
  id: 'signer',
  name: 'Signed by the gateway that you trust',
  check({ evidence, body }) {
    if (!evidence.gateway) return skipped('nobody said which gateway to trust: give --gateway');
    return compare('gateway', body.gateway, evidence.gateway.toLowerCase());
  },
};

/** The certificate is the one that the receipt names, of its adapter and index, and says what the receipt says. */
export const certificateStep: EvidenceStep = {
  id: 'certificate-document',
  name: 'Certificate',
  async check({ evidence, body }) {
    if (body.version === 1) return ok('version 1 has none');
    const { sha256: hash, status } = body.attribution.certificate;
    if (hash === null) return ok(`none yet (${status}): nothing is paid by estimated influence`);
    const bytes = await evidence.certificate();
    if (!bytes) return skipped('the certificate document is not at hand');
    const hashed = compare('SHA-256 of the certificate', hash, sha256(bytes));
    if (hashed.state !== 'ok') return hashed;
    return certificateDiffers(bytes, body) ?? ok(`${hash}, ${status}`);
  },
};

type Document = { adapterSha256?: unknown; indexSha256?: unknown; outcome?: unknown; alphaPpm?: unknown };

function certificateDiffers(bytes: Uint8Array, body: Extract<ReceiptBody, { version: 2 }>) {
  let document: Document;
  try {
    document = JSON.parse(new TextDecoder().decode(bytes)) as Document;
  } catch {
    return differs('the certificate is no JSON document');
  }
  const { alphaPpm, status } = body.attribution.certificate;
  // A suspended certificate's document is of the audit that failed; it certifies nothing, whatever its figures were.
  if (status === 'certified' && document.alphaPpm !== alphaPpm) {
    return differs(`alpha: the receipt says ${alphaPpm} ppm, the certificate ${String(document.alphaPpm)}`);
  }
  return null;
}
