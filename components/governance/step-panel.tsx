'use client';

import { TimeAgo } from '#components/ui/time-ago.tsx';
import { useRunningClock } from '#components/ui/use-running-clock.ts';
import { TransactionButton } from '#components/wallet/transaction/transaction-button.tsx';
import { contractCall } from '#components/wallet/transaction/types.ts';
import { useWalletContext } from '#components/wallet/wallet-boundary.tsx';
import { openGovernorAbi } from '#contracts-abi/open-governor.ts';
import { nextStep } from '#lib/governance/rules.ts';
import type { ProposalView } from '#lib/governance/types.ts';

/** Queueing and executing an accepted proposal, which anybody may do, when its time has come. */
export function StepPanel({ proposal, nowMs }: { proposal: ProposalView; nowMs: number }) {
  const { config } = useWalletContext();
  const address = config.addresses.openGovernor;
  const clock = useRunningClock(nowMs);
  if (!address) return null;
  const to = { address, abi: openGovernorAbi } as const;
  const args = [BigInt(proposal.id)] as const;
  const step = nextStep(proposal.state, proposal.etaAt, clock);
  if (step === 'queue') {
    return (
      <TransactionButton
        storageKey={`queue:${proposal.id}`}
        label="Queue it"
        what="Puts the accepted proposal into its timelock, where everybody can see what it will do before it does. Anybody may do this."
        done="It waits in its timelock."
        call={contractCall({ ...to, functionName: 'queue', args })}
      />
    );
  }
  if (step === 'execute') {
    return (
      <TransactionButton
        storageKey={`execute:${proposal.id}`}
        label="Execute it"
        what="Runs the calls above, exactly as they were voted on. Anybody may do this."
        done="It is executed."
        call={contractCall({ ...to, functionName: 'execute', args })}
      />
    );
  }
  if (proposal.state !== 'queued' || !proposal.etaAt) return null;
  return (
    <p className="text-sm">
      It can be executed by anybody from <TimeAgo at={proposal.etaAt} mode="date" /> (<TimeAgo at={proposal.etaAt} />
      ). Who disagrees has until then to leave; the guardian may cancel it.
    </p>
  );
}
