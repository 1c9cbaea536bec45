import { sha256 } from 'viem';
import type { IssuedBody } from '../receipt.ts';
import { bareHex, compare, differs, type EvidenceStep, ok, type SettledStep, skipped } from './evidence-step.ts';

/** Whoever signed is the gateway that the reader trusts; otherwise anybody could sign anything under a name of their own. */
export const signerStep: SettledStep = {
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

type Document = {
  alphaPpm?: unknown;
  subject?: { adapterSha256?: unknown; indexSha256?: unknown; versionRoot?: unknown };
};

function certificateDiffers(bytes: Uint8Array, body: IssuedBody) {
  let document: Document;
  try {
    document = JSON.parse(new TextDecoder().decode(bytes)) as Document;
  } catch {
    return differs('the certificate is no JSON document');
  }
  const { subject } = document;
  const { certificate, indexSha256 } = body.attribution;
  const facts: [string, string | number, unknown][] = [
    ['adapter', body.model.adapterSha256, subject?.adapterSha256],
    ['index', bareHex(indexSha256), bareHex(String(subject?.indexSha256))],
    ['root of the version', body.datanet.root, subject?.versionRoot],
    // Any other document certifies nothing, whatever its figures were; the step on basis and alpha has checked that.
    ...(certificate.status === 'certified'
      ? [['alpha', certificate.alphaPpm, document.alphaPpm] satisfies [string, number, unknown]]
      : []),
  ];
  const wrong = facts.find(([, said, found]) => said !== found);
  return wrong ? differs(`${wrong[0]}: the receipt says ${wrong[1]}, the certificate ${String(wrong[2])}`) : null;
}
