'use client';

import { useCallback, useEffect, useState } from 'react';
import { type Action, type ActionError, runAction } from '#components/datanets/action-types.ts';
import { createMemberKey, type MemberKey, restoreMemberKey } from '#lib/kernel/sealing/member-key.ts';
import type { SaveMemberKeyInput } from '#lib/sealed-rows/schema.ts';
import { findStoredKey, storeKey } from './key-store.ts';

type Backup = { publicKey: `0x${string}`; backup: `0x${string}` };
export type MemberKeyActions = {
  find: Action<Record<string, never>, Backup | null>;
  save: Action<SaveMemberKeyInput, unknown>;
};

/** absent: the account has no key yet · locked: it has one, and this browser needs the recovery code · shown: write the code down. */
export type MemberKeyState =
  | { status: 'loading' }
  | { status: 'absent'; create: () => Promise<void>; error: ActionError | null }
  | { status: 'locked'; restore: (code: string) => Promise<boolean> }
  | { status: 'shown'; recoveryCode: string; confirm: () => void }
  | { status: 'failed'; error: ActionError }
  | { status: 'ready'; key: MemberKey };

/** The account's key pair in this browser, and the ways to get it: from here, by its recovery code, or a new one. */
export function useMemberKey(account: string, { find, save }: MemberKeyActions): MemberKeyState {
  const [known, setKnown] = useState<{ key: MemberKey | null; backup: Backup | null } | null>(null);
  const [failed, setFailed] = useState<ActionError | null>(null);
  const [error, setError] = useState<ActionError | null>(null);
  const [code, setCode] = useState<string | null>(null);
  useEffect(() => {
    let isGone = false;
    (async () => {
      const [key, found] = await Promise.all([findStoredKey(account).catch(() => null), runAction(find, {})]);
      if (isGone) return;
      if (!found.ok) return setFailed(found.error);
      // A pair that the server does not know was never used, or belongs to another installation.
      setKnown({ key: key?.publicKey === found.data?.publicKey ? key : null, backup: found.data });
    })();
    return () => {
      isGone = true;
    };
  }, [account, find]);
  const create = useCallback(async () => {
    const { backup, recoveryCode, ...key } = await createMemberKey();
    const saved = await runAction(save, { publicKey: key.publicKey, backup });
    setError(saved.ok ? null : saved.error);
    if (!saved.ok) return;
    await storeKey(account, key);
    setCode(recoveryCode);
    setKnown({ key, backup: { publicKey: key.publicKey, backup } });
  }, [account, save]);
  if (failed) return { status: 'failed', error: failed };
  if (!known) return { status: 'loading' };
  const { key, backup } = known;
  if (code) return { status: 'shown', recoveryCode: code, confirm: () => setCode(null) };
  if (key) return { status: 'ready', key };
  if (!backup) return { status: 'absent', create, error };
  const restore = async (typed: string) => {
    const restored = await restoreMemberKey(backup.publicKey, backup.backup, typed).catch(() => null);
    if (!restored) return false;
    await storeKey(account, restored);
    setKnown({ key: restored, backup });
    return true;
  };
  return { status: 'locked', restore };
}
