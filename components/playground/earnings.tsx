'use client';

import dynamic from 'next/dynamic';
import { getAddress } from 'viem/utils';
import { dataPartWei, PayoutBars } from '#components/receipts/payout-bars.tsx';
import { sharesNote } from '#components/receipts/shares-note.ts';
import { Button } from '#components/ui/button.tsx';
import { Status } from '#components/ui/status.tsx';
import { answerPayout } from '#lib/kernel/answer-payout.ts';
import { readShares } from '#lib/kernel/read-shares.ts';
import type { Issued } from './sources-of.ts';
import { useRowPool } from './use-row-pool.ts';
import type { Switches } from './use-switches.ts';

const WithoutAnswer = dynamic(() => import('./without-answer.tsx').then((file) => file.WithoutAnswer));

/** Who is paid for the answer; with sources left out, who would be, computed here by the same rule. */
export function Earnings(props: { issued: Issued; protocolFeeBps: number; switches: Switches }) {
  const { issued, protocolFeeBps, switches } = props;
  const { body } = issued;
  const feeWei = BigInt(body.feeWei);
  const answer = readShares(body);
  const paysRows = answer.rowsPpm > 0;
  const groups = useRowPool(paysRows ? issued.receiptId : null);
  const before = answerPayout(body, groups);
  const payout = switches.isAny ? answerPayout(body, groups, switches.off) : before;
  const canSwitch = body.version !== 1;
  return (
    <section aria-label="Who earns">
      <h2 className="title-section mb-2">Who earns</h2>
      <p className="mb-2 text-sm text-muted">
        {sharesNote(answer)}{' '}
        {feeWei > 0n
          ? 'Exact to the wei when the reward period closes.'
          : 'A free answer pays nothing; so it would be divided.'}
      </p>
      {switches.isAny && (
        <p className="mb-2 flex flex-wrap items-center gap-x-3 gap-y-1" aria-live="polite">
          <Status tone="warn" wrap>
            As it would be without what you left out: same rule, same scores and noise, computed in this browser.
            Nothing is changed for anybody.
          </Status>
          <Button size="sm" variant="quiet" onClick={switches.reset}>
            Count everything again
          </Button>
        </p>
      )}
      <PayoutBars
        payout={payout}
        before={switches.isAny ? before : undefined}
        sigmas={new Map(answer.shares.map(({ account, sigmas }) => [account, sigmas]))}
        poolWei={dataPartWei(feeWei, protocolFeeBps, body.split.data)}
        {...(canSwitch && { aside: (account: string) => <ContributorSwitch account={account} switches={switches} /> })}
      />
      {canSwitch && (
        <Button size="sm" className="mt-3 mb-4" aria-pressed={switches.off.all} onClick={switches.datanet}>
          {switches.off.all ? 'Count the Datanet again' : 'Leave the whole Datanet out'}
        </Button>
      )}
      {switches.isAny && <WithoutAnswer issued={issued} switches={switches} />}
    </section>
  );
}

function ContributorSwitch({ account, switches }: { account: string; switches: Switches }) {
  const isLeftOut = switches.off.contributors.has(account);
  const full = getAddress(account);
  const who = `${full.slice(0, 6)}…${full.slice(-4)}`; // as Address writes it
  return (
    <Button
      size="sm"
      variant="quiet"
      aria-pressed={isLeftOut}
      aria-label={isLeftOut ? `Count again the rows of ${who}` : `Leave out the rows of ${who}`}
      onClick={() => switches.contributor(account)}
    >
      {isLeftOut ? 'Count again' : 'Leave out'}
    </Button>
  );
}
