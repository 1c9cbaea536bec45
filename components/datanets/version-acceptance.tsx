'use client';

import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { signTypedData } from 'wagmi/actions';
import { Address } from '#components/ui/address.tsx';
import { Button } from '#components/ui/button.tsx';
import { toast } from '#components/ui/toast.ts';
import { TransactionButton } from '#components/wallet/transaction/transaction-button.tsx';
import { contractCall } from '#components/wallet/transaction/types.ts';
import { useWalletContext } from '#components/wallet/wallet-boundary.tsx';
import { walletStore } from '#components/wallet/wallet-store.ts';
import { datanetRegistryAbi } from '#contracts-abi/datanet-registry.ts';
import type { AnchorVersionArgs, BatchApproval } from '#lib/datanets/types.ts';
import { approveBatchTypedData } from '#lib/kernel/approve-batch-typed-data.ts';
import { ActionProblem } from './action-problem.tsx';
import { type Action, type ActionError, runAction } from './action-types.ts';

type Props = {
  versionId: string;
  number: number;
  root: `0x${string}`;
  /** Arguments of DatanetRegistry.propose. */
  args: AnchorVersionArgs;
  quorum: number;
  /** Those whom the registry knows as curators, the owner among them. */
  curators: readonly string[];
  batch: string | null;
  /** In the order that the contract wants. */
  approvals: readonly BatchApproval[];
  you: `0x${string}` | null;
  approve: Action<{ versionId: string; signature: string }, unknown>;
};

/** A version's way onto the chain where several curators must approve it: proposed, signed, accepted. Says whom it waits for. */
export function VersionAcceptance(props: Props) {
  const { number, quorum, curators, batch, approvals, you, args } = props;
  const { config } = useWalletContext();
  const isCurator = you !== null && curators.includes(you);
  const open = curators.filter((curator) => !approvals.some((approval) => approval.curator === curator));
  const mine = isCurator && !approvals.some(({ curator }) => curator === you) ? 1 : 0;
  if (batch === null) return isCurator ? <Propose {...props} /> : <Waits>A curator on chain must propose it.</Waits>;
  return (
    <div className="flex flex-col gap-4">
      <p className="text-sm">
        {approvals.length} of {quorum} curators have signed. It waits for{' '}
        {open.map((curator) => (
          <Address key={curator} address={curator} you={curator === you} copy={false} className="mr-2" />
        ))}
        {mine === 0 && 'to sign; who signs last brings all signatures on chain with one transaction.'}
      </p>
      {curators.length < quorum && (
        <p className="text-sm text-warn">
          The chain knows {curators.length} curators, so {quorum} cannot sign yet: this Datanet moved here from a former
          registry, and the owner must write its curators on chain again, or lower the number.
        </p>
      )}
      {mine === 1 && approvals.length + 1 < quorum && <Sign {...props} batch={batch} />}
      {isCurator && approvals.length + mine >= quorum && (
        <TransactionButton
          label={`Accept version ${number}`}
          storageKey={`accept:${props.versionId}`}
          what="One transaction brings the signatures and yours; from then on nobody can change what the version holds. It costs the network fee only."
          done="On chain; the page shows it as soon as the block is read."
          call={contractCall({
            address: config.addresses.datanetRegistry,
            abi: datanetRegistryAbi,
            functionName: 'accept',
            args: [args[0], BigInt(batch), approvals],
          })}
        />
      )}
    </div>
  );
}

function Waits({ children }: { children: string }) {
  return <p className="text-sm text-muted">{children} It can be trained on now.</p>;
}

function Propose({ versionId, number, args, quorum }: Props) {
  const { config } = useWalletContext();
  return (
    <TransactionButton
      label={`Propose version ${number}`}
      storageKey={`propose:${versionId}`}
      what={`First of two transactions: writes the version’s hash on chain as a proposal. ${quorum} curators then stand behind it: one brings the others’ signatures, which cost nothing.`}
      done="Proposed; curators can sign now."
      call={contractCall({
        address: config.addresses.datanetRegistry,
        abi: datanetRegistryAbi,
        functionName: 'propose',
        args,
      })}
    />
  );
}

/** A signature under the proposal; nothing is sent on chain. */
function Sign({ versionId, root, args, batch, you, approve }: Props & { batch: string }) {
  const router = useRouter();
  const { config } = useWalletContext();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ActionError | null>(null);
  const sign = async () => {
    setBusy(true);
    setError(null);
    try {
      const registry = { chainId: config.chainId, address: config.addresses.datanetRegistry };
      const typed = approveBatchTypedData(registry, { id: args[0], batch: BigInt(batch), root });
      const wallet = await walletStore.handlers();
      const signature = await signTypedData(wallet.config, { ...typed, account: you! });
      const result = await runAction(approve, { versionId, signature });
      if (result.ok) toast.success('Signed.');
      else setError(result.error);
      router.refresh();
    } catch {
      setError({ code: 'not_signed', message: 'The wallet did not sign. Nothing was sent; try again.', requestId: '' });
    }
    setBusy(false);
  };
  return (
    <div className="flex flex-col items-start gap-2">
      <p className="text-sm text-muted">Your signature says that these rows are what you reviewed. It costs nothing.</p>
      <Button variant="primary" busy={busy} onClick={sign}>
        Approve by signature
      </Button>
      <ActionProblem error={error} />
    </div>
  );
}
