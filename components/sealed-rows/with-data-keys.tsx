'use client';

import type { ReactNode } from 'react';
import { ActionProblem } from '#components/datanets/action-problem.tsx';
import type { MemberKey } from '#lib/kernel/sealing/member-key.ts';
import { MemberKeySetup } from './member-key-setup.tsx';
import { type DataKeysAction, type DataKeysState, useDataKeys } from './use-data-keys.ts';
import { type MemberKeyActions, useMemberKey } from './use-member-key.ts';

export type KeyPlace = {
  datanetId: string;
  account: `0x${string}`;
  actions: MemberKeyActions & { keys: DataKeysAction };
};
export type OpenKeys = Extract<DataKeysState, { status: 'unwrapped' }> & { member: MemberKey };

/** Shows what `children` makes of the keys once this browser has opened them; until then, what is missing. */
export function WithDataKeys({ place, children }: { place: KeyPlace; children: (keys: OpenKeys) => ReactNode }) {
  const state = useMemberKey(place.account, place.actions);
  if (state.status !== 'ready') return <MemberKeySetup state={state} />;
  return (
    <Unwrapped place={place} member={state.key}>
      {children}
    </Unwrapped>
  );
}

function Unwrapped({
  place: { datanetId, account, actions },
  member,
  children,
}: {
  place: KeyPlace;
  member: MemberKey;
  children: (keys: OpenKeys) => ReactNode;
}) {
  const state = useDataKeys(datanetId, account, member, actions.keys);
  if (state.status === 'loading') return <p className="text-sm text-muted">Opening the keys in this browser…</p>;
  if (state.status === 'failed') return <ActionProblem error={state.error} />;
  return <>{children({ ...state, member })}</>;
}
