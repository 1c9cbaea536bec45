import { attributionLedgerAbi } from '#contracts-abi/attribution-ledger.ts';
import type { Deps } from '#lib/platform/deps.ts';
import type { AccountControl, ChangeKind } from './types.ts';

type Hex = `0x${string}`;
const held = 1n; // LedgerAccounts.HELD: a rotation waits
const kinds: (ChangeKind | null)[] = [null, 'recipient', 'recovery', 'authority'];

/** Where an account's earnings go, what change of that waits, and who may rescue it, at the newest block. */
export async function getAccountControl(
  deps: Pick<Deps, 'chain' | 'deployment'>,
  account: Hex,
): Promise<AccountControl> {
  const ledger = { address: deps.deployment.addresses.attributionLedger, abi: attributionLedgerAbi } as const;
  const { chain } = deps;
  const args = [account] as const;
  const [[, recipient], [to, readyAt, kind], recovery, delaySeconds] = await Promise.all([
    chain.readContract({ ...ledger, functionName: 'accounts', args }),
    chain.readContract({ ...ledger, functionName: 'changes', args }),
    chain.readContract({ ...ledger, functionName: 'recoveries', args }),
    chain.readContract({ ...ledger, functionName: 'RECIPIENT_DELAY' }),
  ]);
  const changeKind = kinds[kind] ?? null;
  return {
    account: account.toLowerCase() as Hex,
    recipient: BigInt(recipient) > held ? recipient : null,
    isHeld: BigInt(recipient) === held,
    change: changeKind && {
      to: BigInt(to) === 0n ? null : to,
      readyAt: new Date(Number(readyAt) * 1000),
      kind: changeKind,
    },
    recovery: BigInt(recovery) === 0n ? null : recovery,
    delaySeconds: Number(delaySeconds),
  };
}
