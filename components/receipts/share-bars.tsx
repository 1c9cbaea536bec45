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
 * Who is paid for an answer, largest part first: a bar in each account's thread colour (by name, then paler from the common
 * pool), how sure that is, and what it earns. Last what all rows of the version share, where there is something.
 */
export function ShareBars({ shares, rowsPpm, poolWei, you }: ShareBarsProps) {
  return (
    <ol className="flex flex-col">
      {shares.map(({ account, sharePpm, poolPpm, sigmas }) => (
        <ShareBar key={account} {...{ sharePpm, poolPpm, poolWei }} color={threadColor(account)}>
          <Address address={account} copy={false} you={you?.toLowerCase() === account} />
          <span className="text-xs text-muted">
            <Confidence sigmas={sigmas} />
          </span>
        </ShareBar>
      ))}
      {rowsPpm > 0 && (
        <ShareBar {...{ sharePpm: 0, poolPpm: rowsPpm, poolWei }} color="var(--border)">
          All original rows
        </ShareBar>
      )}
    </ol>
  );
}

type ShareBarsProps = Pick<AnswerShares, 'shares' | 'rowsPpm'> & {
  /** The data's part of the fee, wei; amounts are shown only when there is something to share. */
  poolWei: bigint;
  you?: string | null;
};

type ShareBarProps = { sharePpm: number; poolPpm: number; color: string; poolWei: bigint; children: ReactNode };

function ShareBar({ sharePpm, poolPpm, color, poolWei, children }: ShareBarProps) {
  const wholePpm = sharePpm + poolPpm;
  return (
    <li className="grid min-h-9 grid-cols-[1fr_auto] items-center gap-x-4 gap-y-1 border-b border-hairline py-1 text-sm md:grid-cols-[15rem_1fr_4.5rem_9rem]">
      <span className="flex flex-wrap items-baseline justify-between gap-x-3">{children}</span>
      <span aria-hidden className="order-last col-span-full flex h-2 bg-sunken md:order-none md:col-span-1">
        <span style={{ width: `${sharePpm / 10_000}%`, background: color }} />
        <span className="opacity-40" style={{ width: `${poolPpm / 10_000}%`, background: color }} />
      </span>
      <span className="figures text-right">{percent(wholePpm)}</span>
      {poolWei > 0n && (
        <Amount wei={(poolWei * BigInt(wholePpm)) / 1_000_000n} digits={6} className="text-right text-accent" />
      )}
    </li>
  );
}
