import type { Hex } from 'viem';
import { describe, expect, it } from 'vitest';
import { createMemberKey, restoreMemberKey } from './member-key.ts';
import { openRow, type SealedRow, sealRow } from './seal-row.ts';
import { newDataKey, unwrapKey, wrapKey } from './wrap-key.ts';

const datanetId = 'dn_1';
const keys = new Map([[1, newDataKey()]]);
const hashOf = (n: number): Hex => `0x${n.toString(16).padStart(64, '0')}`;
const rowOf = (n: number) => ({
  data: { prompt: `Secret question ${n} 日本`, completion: 'x'.repeat(n) },
  contentHash: hashOf(n),
});
const refused = (promise: Promise<unknown>) =>
  promise.then(
    () => false,
    () => true,
  );

describe('wrapped data keys', () => {
  it('open with the member’s pair, also from its backup, and with nobody else’s or at another place', async () => {
    const [member, other] = await Promise.all([createMemberKey(), createMemberKey()]);
    const place = { datanetId, era: 1, account: '0xAB' };
    const dataKey = newDataKey();
    const wrapped = await wrapKey(dataKey, member.publicKey, place);
    expect(await unwrapKey(wrapped, member, { ...place, account: '0xab' })).toEqual(dataKey);
    const restored = await restoreMemberKey(member.publicKey, member.backup, ` ${member.recoveryCode.toUpperCase()} `);
    expect(await unwrapKey(wrapped, restored, place)).toEqual(dataKey);
    expect(await refused(unwrapKey(wrapped, other, place))).toBe(true);
    for (const change of [{ era: 2 }, { account: '0xcd' }, { datanetId: 'dn_2' }])
      expect(await refused(unwrapKey(wrapped, member, { ...place, ...change }))).toBe(true);
    expect(await refused(restoreMemberKey(member.publicKey, member.backup, other.recoveryCode))).toBe(true);
    await expect(crypto.subtle.exportKey('pkcs8', member.privateKey)).rejects.toThrow();
  });
});

describe('sealed rows', () => {
  it('open to who has the era’s key, and hold nothing of the text', async () => {
    const sealed = await sealRow(rowOf(3), { datanetId, keys });
    expect(await openRow(sealed, { datanetId, keys })).toEqual(rowOf(3).data);
    const bytes = Buffer.from(sealed.ciphertext.slice(2), 'hex');
    expect(bytes.includes('Secret')).toBe(false);
    expect(bytes.length).toBe((await lengthOf(rowOf(1))) / 2);
    expect(await refused(openRow(sealed, { datanetId, keys: new Map([[1, newDataKey()]]) }))).toBe(true);
    expect(await refused(openRow(sealed, { datanetId, keys: new Map([[2, keys.get(1)!]]) }))).toBe(true);
  });

  it('have the same fingerprint for the same words in every era, and another in another Datanet or under another key', async () => {
    const later = new Map([...keys, [2, newDataKey()]]);
    const [now, again, elsewhere, stranger] = await Promise.all([
      sealRow(rowOf(1), { datanetId, keys }),
      sealRow(rowOf(1), { datanetId, keys: later }),
      sealRow(rowOf(1), { datanetId: 'dn_2', keys }),
      sealRow(rowOf(1), { datanetId, keys: new Map([[1, newDataKey()]]) }),
    ]);
    expect(again).toMatchObject({ era: 2, fingerprint: now.fingerprint });
    expect(again.ciphertext).not.toBe(now.ciphertext);
    expect(new Set([now, elsewhere, stranger].map((row) => row.fingerprint)).size).toBe(3);
  });

  it('are refused when swapped, shortened, or a bit is flipped: 300 of 300', async () => {
    const rows = await Promise.all(Array.from({ length: 100 }, (_, n) => sealRow(rowOf(n), { datanetId, keys })));
    const damaged = rows.flatMap((row, i): SealedRow[] => [
      { ...row, ciphertext: rows[(i + 1) % rows.length]!.ciphertext },
      { ...row, ciphertext: row.ciphertext.slice(0, -2 * (1 + (i % 40))) as Hex },
      { ...row, ciphertext: flipped(row.ciphertext, i) },
    ]);
    const results = await Promise.all(damaged.map((row) => refused(openRow(row, { datanetId, keys }))));
    expect(results.filter(Boolean)).toHaveLength(300);
  });
});

async function lengthOf(row: ReturnType<typeof rowOf>): Promise<number> {
  return (await sealRow(row, { datanetId, keys })).ciphertext.length - 2;
}

function flipped(hex: Hex, n: number): Hex {
  const bytes = Buffer.from(hex.slice(2), 'hex');
  const at = (n * 7) % bytes.length;
  bytes[at]! ^= 1 << (n % 8);
  return `0x${bytes.toString('hex')}`;
}
