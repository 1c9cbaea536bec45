import { concat, type Hex, toBytes, toHex } from 'viem';

const ivBytes = 12;

/** WebCrypto wants memory that is not shared; viem's bytes are of no particular kind. */
export const owned = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => new Uint8Array(bytes);
export const utf8 = (text: string): Uint8Array<ArrayBuffer> => owned(new TextEncoder().encode(text));

/**
 * AES-256-GCM: a fresh random IV of 12 bytes, then ciphertext and tag, as hex. `about` is authenticated and not stored: what was sealed
 * for one place opens at no other. One key seals at most 2^32 messages (NIST SP 800-38D, 8.3); a Datanet's era has fewer rows.
 */
export async function encrypt(key: Uint8Array, plain: Uint8Array, about: string): Promise<Hex> {
  const iv = crypto.getRandomValues(new Uint8Array(ivBytes));
  const aes = await crypto.subtle.importKey('raw', owned(key), 'AES-GCM', false, ['encrypt']);
  const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData: utf8(about) }, aes, owned(plain));
  return toHex(concat([iv, new Uint8Array(sealed)]));
}

/** Opens what `encrypt` sealed. Throws an OperationError when key, place or a single bit is another. */
export async function decrypt(key: Uint8Array, sealed: Hex, about: string): Promise<Uint8Array> {
  const bytes = toBytes(sealed);
  const aes = await crypto.subtle.importKey('raw', owned(key), 'AES-GCM', false, ['decrypt']);
  const [iv, rest] = [owned(bytes.subarray(0, ivBytes)), owned(bytes.subarray(ivBytes))];
  return new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-GCM', iv, additionalData: utf8(about) }, aes, rest));
}

/** HKDF-SHA-256 (RFC 5869) to 32 bytes. */
export async function deriveKey(secret: Uint8Array, salt: Uint8Array, info: string): Promise<Uint8Array> {
  const key = await crypto.subtle.importKey('raw', owned(secret), 'HKDF', false, ['deriveBits']);
  const params = { name: 'HKDF', hash: 'SHA-256', salt: owned(salt), info: utf8(info) };
  return new Uint8Array(await crypto.subtle.deriveBits(params, key, 256));
}
