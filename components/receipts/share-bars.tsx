import type { ReactNode } from 'react';
import { Address } from '#components/ui/address.tsx';
import { Amount } from '#components/ui/amount.tsx';
import { threadColor } from '#components/ui/thread-color.ts';
import type { AnswerShares } from '#lib/kernel/read-shares.ts';
import { Confidence } from './confidence.tsx';

/** Per cent of a share in ppm, two decimals, computed in integers. */
export function percent(ppm: number): string {
  return `${Math.floor(ppm / 10_000)}.${String(Math.floor((ppm % 10_000) / 100)).padStart(2, '0')} %`;
}

/**
 * Who is paid for an answer, largest share first: a bar in each account's thread colour, how sure that is, and what it earns.
 * Last the common pool, where something is left to it.
 */
export function ShareBars({ shares, commonPpm, poolWei, you }: ShareBarsProps) {
  return (
    <ol className="flex flex-col">
      {shares.map(({ account, sharePpm, sigmas }) => (
        <ShareBar key={account} sharePpm={sharePpm} color={threadColor(account)} poolWei={poolWei}>
          <Address address={account} copy={false} you={you?.toLowerCase() === account} />
          <span className="text-xs text-muted">
            <Confidence sigmas={sigmas} />
          </span>
        </ShareBar>
      ))}
      {commonPpm > 0 && (
        <ShareBar sharePpm={commonPpm} color="var(--border)" poolWei={poolWei}>
          Common pool
        </ShareBar>
      )}
    </ol>
  );
}

type ShareBarsProps = Pick<AnswerShares, 'shares' | 'commonPpm'> & {
  /** The data's part of the fee, wei; amounts are shown only when there is something to share. */
  poolWei: bigint;
  you?: string | null;
};

function ShareBar(props: { sharePpm: number; color: string; poolWei: bigint; children: ReactNode }) {
  const { sharePpm, color, poolWei } = props;
  return (
    <li className="grid min-h-9 grid-cols-[1fr_auto] items-center gap-x-4 gap-y-1 border-b border-hairline py-1 text-sm md:grid-cols-[15rem_1fr_4.5rem_9rem]">
      <span className="flex flex-wrap items-baseline justify-between gap-x-3">{props.children}</span>
      <span aria-hidden className="order-last col-span-full h-2 bg-sunken md:order-none md:col-span-1">
        <span className="block h-2" style={{ width: `${sharePpm / 10_000}%`, background: color }} />
      </span>
      <span className="figures text-right">{percent(sharePpm)}</span>
      {poolWei > 0n && (
        <Amount wei={(poolWei * BigInt(sharePpm)) / 1_000_000n} digits={6} className="text-right text-accent" />
      )}
    </li>
  );
}
