import { type Hex, toBytes, toHex } from 'viem';
import { decrypt, deriveKey, encrypt, owned, utf8 } from './aes-gcm.ts';

/**
 * A member's key pair (ECDH on P-256, which every browser's WebCrypto has). Random, and not derived from a wallet's signature: contract
 * wallets sign the same text differently each time, a signature once given to another site would be the key, and a wallet cannot change it.
 * The private half stays in the browser, where no script can export it; a copy under the recovery code lies with the server.
 */
export type MemberKey = { publicKey: Hex; privateKey: CryptoKey };

const curve = { name: 'ECDH', namedCurve: 'P-256' } as const;
const backupInfo = 'openledger member key/1';

/** A new pair, its backup, and the recovery code that opens the backup: the only time that the code exists. */
export async function createMemberKey(): Promise<MemberKey & { backup: Hex; recoveryCode: string }> {
  const pair = await crypto.subtle.generateKey(curve, true, ['deriveBits']);
  const publicKey = toHex(new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey)));
  const pkcs8 = new Uint8Array(await crypto.subtle.exportKey('pkcs8', pair.privateKey));
  const recoveryCode = toHex(crypto.getRandomValues(new Uint8Array(16))).slice(2);
  const backup = await encrypt(await backupKey(recoveryCode, publicKey), pkcs8, backupInfo);
  return { publicKey, privateKey: await importPrivate(pkcs8), backup, recoveryCode };
}

/** The pair again from its backup. Throws for another code. */
export async function restoreMemberKey(publicKey: Hex, backup: Hex, recoveryCode: string): Promise<MemberKey> {
  const code = recoveryCode.toLowerCase().replace(/[^0-9a-f]/g, '');
  const pkcs8 = await decrypt(await backupKey(code, publicKey), backup, backupInfo);
  return { publicKey, privateKey: await importPrivate(pkcs8) };
}

/** The secret that two pairs share: the x coordinate of the common point, 32 bytes. */
export async function sharedSecret(privateKey: CryptoKey, publicKey: Hex): Promise<Uint8Array> {
  const theirs = await crypto.subtle.importKey('raw', owned(toBytes(publicKey)), curve, false, []);
  return new Uint8Array(await crypto.subtle.deriveBits({ name: 'ECDH', public: theirs }, privateKey, 256));
}

/** The code has 128 random bits, so it needs no stretching as a password would. */
const backupKey = (code: string, publicKey: Hex) => deriveKey(utf8(code), toBytes(publicKey), backupInfo);

const importPrivate = (pkcs8: Uint8Array) =>
  crypto.subtle.importKey('pkcs8', owned(pkcs8), curve, false, ['deriveBits']);
