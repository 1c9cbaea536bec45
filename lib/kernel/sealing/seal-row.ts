import { type Hex, toBytes, toHex } from 'viem';
import { canonicalJson } from '../canonical-json.ts';
import { decrypt, deriveKey, encrypt, owned, utf8 } from './aes-gcm.ts';
import { newDataKey } from './wrap-key.ts';

/** A row as it leaves the browser of a member. */
export type SealedRow = {
  era: number;
  /** HMAC of the text's content hash under the Datanet's fingerprint key: the same words give the same, to members alone. */
  fingerprint: Hex;
  /** AES-256-GCM of the text under the row's own key. */
  ciphertext: Hex;
  /** The row's own key under the era's data key: without it the ciphertext is noise, so shredding it erases the row. */
  wrappedKey: Hex;
};

/** The Datanet's data keys by era, from 1. */
export type DataKeys = ReadonlyMap<number, Uint8Array>;

const blockBytes = 256;
const aboutOf = (datanetId: string, era: number, fingerprint: Hex) =>
  `openledger row/1|${datanetId}|${era}|${fingerprint}`;

/**
 * Seals a row under a key of its own, and that key under the newest era's data key. Place and fingerprint are authenticated, so rows
 * cannot be swapped, moved or shortened unseen. Texts are filled up to multiples of 256 bytes, so that a length says little.
 *
 * @param contentHash of the canonical text (lib/contributions/parse), which the fingerprint is made of
 */
export async function sealRow(
  row: { data: Record<string, string>; contentHash: Hex },
  { datanetId, keys }: { datanetId: string; keys: DataKeys },
): Promise<SealedRow> {
  const era = Math.max(...keys.keys());
  const fingerprint = await fingerprintOf(row.contentHash, datanetId, keys);
  const about = aboutOf(datanetId, era, fingerprint);
  const rowKey = newDataKey();
  return {
    ...{ era, fingerprint },
    ciphertext: await encrypt(rowKey, padded(utf8(canonicalJson(row.data))), about),
    wrappedKey: await encrypt(keys.get(era)!, rowKey, about),
  };
}

/** The text of a sealed row. Throws when a bit of it, its place or the key is another, or there is no key to its era. */
export async function openRow(
  row: SealedRow,
  { datanetId, keys }: { datanetId: string; keys: DataKeys },
): Promise<Record<string, string>> {
  const dataKey = keys.get(row.era);
  if (!dataKey) throw new RangeError(`there is no key to era ${row.era}`);
  const about = aboutOf(datanetId, row.era, row.fingerprint);
  const rowKey = await decrypt(dataKey, row.wrappedKey, about);
  return JSON.parse(new TextDecoder().decode(unpadded(await decrypt(rowKey, row.ciphertext, about))));
}

/** The fingerprint key comes from the first era's and stays, so that a later era finds an earlier one's duplicates. */
async function fingerprintOf(contentHash: Hex, datanetId: string, keys: DataKeys): Promise<Hex> {
  const first = keys.get(1);
  if (!first) throw new RangeError('there is no key to era 1');
  const raw = await deriveKey(first, utf8(datanetId), 'openledger fingerprint/1');
  const key = await crypto.subtle.importKey('raw', owned(raw), { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  return toHex(new Uint8Array(await crypto.subtle.sign('HMAC', key, owned(toBytes(contentHash)))));
}

/** The length in four bytes, the text, zeros. */
function padded(text: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(Math.ceil((4 + text.length) / blockBytes) * blockBytes);
  new DataView(bytes.buffer).setUint32(0, text.length);
  bytes.set(text, 4);
  return bytes;
}

function unpadded(bytes: Uint8Array): Uint8Array {
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0);
  return bytes.subarray(4, 4 + length);
}
