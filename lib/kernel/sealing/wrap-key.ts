import { concat, type Hex, size, slice, toBytes, toHex } from 'viem';
import { decrypt, deriveKey, encrypt } from './aes-gcm.ts';
import { sharedSecret } from './member-key.ts';

/** Whose data key, and for whom: a wrap that is moved to another Datanet, era or account does not open. */
export type WrapPlace = { datanetId: string; era: number; account: string };

const pointBytes = 65;
const infoOf = ({ datanetId, era, account }: WrapPlace) =>
  `openledger data key/1|${datanetId}|${era}|${account.toLowerCase()}`;

/** A fresh data key: 256 random bits. */
export const newDataKey = (): Uint8Array => crypto.getRandomValues(new Uint8Array(32));

/**
 * Wraps a Datanet's data key for one member's public key: ECDH with a pair made for this wrap alone, HKDF over both public keys, AES-GCM
 * (ECIES, after SEC 1 §5.1). 65 bytes of the pair's public key, then what `encrypt` gives.
 */
export async function wrapKey(dataKey: Uint8Array, publicKey: Hex, place: WrapPlace): Promise<Hex> {
  const pair = await crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, false, ['deriveBits']);
  const ephemeral = toHex(new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey)));
  const secret = await sharedSecret(pair.privateKey, publicKey);
  const key = await deriveKey(secret, toBytes(concat([ephemeral, publicKey])), infoOf(place));
  return concat([ephemeral, await encrypt(key, dataKey, infoOf(place))]);
}

/** The data key again, with the member's pair. Throws when it was wrapped for another key or place. */
export async function unwrapKey(
  wrapped: Hex,
  { publicKey, privateKey }: { publicKey: Hex; privateKey: CryptoKey },
  place: WrapPlace,
): Promise<Uint8Array> {
  const [ephemeral, sealed] = [slice(wrapped, 0, pointBytes), slice(wrapped, pointBytes, size(wrapped))];
  const secret = await sharedSecret(privateKey, ephemeral);
  const key = await deriveKey(secret, toBytes(concat([ephemeral, publicKey])), infoOf(place));
  return decrypt(key, sealed, infoOf(place));
}
