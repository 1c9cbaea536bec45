import { type Address, recoverMessageAddress } from 'viem';
import { type ErasureReceipt, erasureReceiptHash, type SignedErasureReceipt } from '#lib/kernel/erasure-receipt.ts';
import { type VersionRow, versionTree } from '../version-rows.ts';

export type ErasureStep = { name: string; outcome: 'ok' | 'differs' | 'skipped'; detail: string };

/**
 * Checks a receipt of erasure as a stranger can: who signed it; and of each version that held the row, whether its rows file of today gives
 * the root that the receipt and the chain name, has the row's leaf in its place, and not its text. It cannot check what is not there:
 * that no copy is kept elsewhere is what the signature promises.
 *
 * @param gateway who must have signed; null where it is not known
 * @param rowsOf bytes of a version's rows file by its number; null where they cannot be had
 */
export async function verifyErasure(
  { receipt, hash, signature }: SignedErasureReceipt,
  { gateway, rowsOf }: { gateway: Address | null; rowsOf: (number: number) => Promise<Uint8Array | null> },
): Promise<ErasureStep[]> {
  const steps = [await checkSignature(receipt, { hash, signature, gateway })];
  for (const version of receipt.versions) {
    const bytes = await rowsOf(version.number);
    const name = `Version ${version.number}`;
    steps.push(
      bytes === null
        ? { name, outcome: 'skipped', detail: 'its rows file cannot be had' }
        : { name, ...checkVersion(receipt, version, bytes) },
    );
  }
  return steps;
}

async function checkSignature(
  receipt: ErasureReceipt,
  { hash, signature, gateway }: Pick<SignedErasureReceipt, 'hash' | 'signature'> & { gateway: Address | null },
): Promise<ErasureStep> {
  const name = 'Signature';
  if (erasureReceiptHash(receipt) !== hash) return { name, outcome: 'differs', detail: 'the hash is of other words' };
  const signer = await recoverMessageAddress({ message: { raw: hash }, signature }).catch(() => null);
  if (!signer) return { name, outcome: 'differs', detail: 'it is no signature' };
  if (gateway && signer.toLowerCase() !== gateway.toLowerCase())
    return { name, outcome: 'differs', detail: `signed by ${signer}, not by the gateway ${gateway}` };
  return { name, outcome: 'ok', detail: `signed by ${signer}${gateway ? ', the gateway' : ''}` };
}

function checkVersion(
  { exampleId }: ErasureReceipt,
  { root, leafIndex, leafHash }: ErasureReceipt['versions'][number],
  bytes: Uint8Array,
): Omit<ErasureStep, 'name'> {
  const differs = (detail: string) => ({ outcome: 'differs' as const, detail });
  const lines = new TextDecoder().decode(bytes).split('\n');
  const rows = lines.filter((line) => line !== '').map((line) => JSON.parse(line) as VersionRow);
  const tree = versionTree(rows);
  if (tree.root !== root) return differs(`its rows give the root ${tree.root}`);
  const row = rows[leafIndex];
  if (row?.id !== exampleId || row.contentHash !== leafHash) return differs('the leaf in that place is another row’s');
  const texts = [...Object.keys(row.data), ...(row.sealed ? ['sealed'] : []), ...(row.salt ? ['salt'] : [])];
  if (texts.length > 0 || !row.erased) return differs(`the line still has ${texts.join(', ') || 'no mark of erasure'}`);
  const quoted = rows.find(({ formerly = [] }) => formerly.some(({ id }) => id === exampleId));
  if (quoted) return differs(`row ${quoted.id} quotes it as a former text`);
  return { outcome: 'ok', detail: `root ${root} stands; the row's line has no text` };
}
