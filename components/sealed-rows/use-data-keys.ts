'use client';

import { useCallback, useEffect, useState } from 'react';
import { type Action, type ActionError, runAction } from '#components/datanets/action-types.ts';
import type { MemberKey } from '#lib/kernel/sealing/member-key.ts';
import type { DataKeys } from '#lib/kernel/sealing/seal-row.ts';
import { unwrapKey } from '#lib/kernel/sealing/wrap-key.ts';
import type { SealedKeys } from '#lib/sealed-rows/types.ts';

export type DataKeysAction = Action<{ datanetId: string }, SealedKeys>;

/** unwrapped: the keys that this member has, perhaps none; `era` is the Datanet's newest. */
export type DataKeysState =
  | { status: 'loading' }
  | { status: 'failed'; error: ActionError }
  | { status: 'unwrapped'; keys: DataKeys; era: number; reload: () => void };

/** The data keys of an encrypted Datanet, opened in this browser with the member's key pair. They are never stored. */
export function useDataKeys(
  datanetId: string,
  account: string,
  member: MemberKey,
  load: DataKeysAction,
): DataKeysState {
  const [round, setRound] = useState(0);
  const [state, setState] = useState<DataKeysState>({ status: 'loading' });
  const reload = useCallback(() => setRound((n) => n + 1), []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `round` asks again
  useEffect(() => {
    let isGone = false;
    (async () => {
      const result = await runAction(load, { datanetId });
      if (isGone) return;
      if (!result.ok) return setState({ status: 'failed', error: result.error });
      const keys = new Map<number, Uint8Array>();
      for (const { era, wrapped } of result.data.wraps) {
        const place = { datanetId: result.data.datanetId, era, account };
        const key = await unwrapKey(wrapped as `0x${string}`, member, place).catch(() => null);
        if (key) keys.set(era, key);
      }
      if (!isGone) setState({ status: 'unwrapped', keys, era: result.data.era, reload });
    })();
    return () => {
      isGone = true;
    };
  }, [datanetId, account, member, load, reload, round]);
  return state;
}
