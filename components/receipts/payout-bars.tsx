import type { ReactNode } from 'react';
import { Address } from '#components/ui/address.tsx';
import { Amount } from '#components/ui/amount.tsx';
import { cx } from '#components/ui/cx.ts';
import { threadColor } from '#components/ui/thread-color.ts';
import type { AnswerPayout, Payee } from '#lib/kernel/answer-payout.ts';
import { PPM, splitByLargestRemainder } from '#lib/kernel/money.ts';
import { Confidence } from './confidence.tsx';
import { percent, percentsOf } from './percent.ts';

/** Accounts that have a line of their own; the others are summed. */
const linesMax = 12;

export type PayoutBarsProps = {
  payout: AnswerPayout;
  /** With some sources left out: as it is with all of them. Who lost everything keeps a line. */
  before?: AnswerPayout | undefined;
  /** How far an account's rows stand out of the noise, see Confidence. */
  sigmas: ReadonlyMap<string, number | null>;
  /** The data's part of the fee, wei; amounts are shown only when there is something to share. */
  poolWei: bigint;
  you?: string | null;
  /** Beside the account's name. */
  aside?: (account: string) => ReactNode;
};

/**
 * Who is paid for an answer, largest part first: a bar in each account's thread colour (by name, then paler from the common
 * pool), how sure that is, and what it earns; per cents and amounts add up to the whole, which stands last.
 */
export function PayoutBars({ payout, before, sigmas, poolWei, you, aside }: PayoutBarsProps) {
  const lines = linesOf(payout, before);
  const texts = percentsOf(lines.map(({ ppm }) => ppm));
  const textsBefore = percentsOf(lines.map(({ wasPpm }) => wasPpm ?? 0));
  const paid = payout.by !== 'nobody';
  const columns = poolWei > 0n ? 'md:grid-cols-[15rem_1fr_5rem_9rem]' : 'md:grid-cols-[15rem_1fr_5rem]';
  const amounts = splitByLargestRemainder(
    paid ? poolWei : 0n,
    lines.map(({ ppm }) => BigInt(ppm)),
  );
  return (
    <ol className="flex flex-col" data-payout={payout.by}>
      {lines.map(({ key, account, namedPpm, ppm, wasPpm, count }, i) => (
        <li key={key} className={cx(lineClass, columns)}>
          <span className="flex flex-wrap items-baseline justify-between gap-x-3">
            {account ? (
              <>
                <Address address={account} copy={false} you={you?.toLowerCase() === account} />
                <span className="text-xs text-muted">
                  <Confidence sigmas={sigmas.get(account) ?? null} />
                </span>
              </>
            ) : (
              <span>{count === 0 ? 'All original rows' : `${count} more accounts`}</span>
            )}
            {account && aside?.(account)}
          </span>
          <span aria-hidden className="order-last col-span-full flex h-2 bg-sunken md:order-none md:col-span-1">
            <span style={{ width: `${namedPpm / 10_000}%`, background: account ? threadColor(account) : undefined }} />
            <span
              className={account ? 'opacity-40' : ''}
              style={{
                width: `${(ppm - namedPpm) / 10_000}%`,
                background: account ? threadColor(account) : 'var(--border)',
              }}
            />
          </span>
          <span className="figures text-right">
            {texts[i]}
            {wasPpm !== null && wasPpm !== ppm && (
              <span className="block text-xs text-muted">was {textsBefore[i]}</span>
            )}
          </span>
          {poolWei > 0n && <Amount wei={amounts[i]!} digits={6} className="text-right text-accent" />}
        </li>
      ))}
      <li className={cx(lineClass, columns, 'border-b-0 text-muted')}>
        <span className="md:col-span-2">{paid ? 'Together' : 'Nobody: no row is left that could be paid'}</span>
        <span className="figures text-right" data-total>
          {percent(lines.reduce((sum, { ppm }) => sum + ppm, 0))}
        </span>
        {poolWei > 0n && <Amount wei={paid ? poolWei : 0n} digits={6} className="text-right" />}
      </li>
    </ol>
  );
}

const lineClass =
  'grid min-h-9 grid-cols-[1fr_auto] items-center gap-x-4 gap-y-1 border-b border-hairline py-1 text-sm';

/** `count`: accounts that the line sums; 0 for all rows together. */
type Line = {
  key: string;
  account: string | null;
  namedPpm: number;
  ppm: number;
  wasPpm: number | null;
  count: number;
};

function linesOf({ payees, rowsPpm }: AnswerPayout, before: AnswerPayout | undefined): Line[] {
  const now = new Map(payees.map((payee) => [payee.account, payee]));
  const order = [...new Set([...(before?.payees ?? []), ...payees].map(({ account }) => account))];
  const was = before && new Map(before.payees.map((payee) => [payee.account, ppmOf(payee)]));
  const all = order.map((account): Line => {
    const payee = now.get(account) ?? { account, namedPpm: 0, poolPpm: 0 };
    const wasPpm = was ? (was.get(account) ?? 0) : null;
    return { key: account, account, namedPpm: payee.namedPpm, ppm: ppmOf(payee), wasPpm, count: 1 };
  });
  const sum = (lines: readonly Line[]): Line => ({
    ...{ key: 'others', account: null, count: lines.length, namedPpm: 0 },
    ppm: lines.reduce((total, { ppm }) => total + ppm, 0),
    wasPpm: was ? lines.reduce((total, { wasPpm }) => total + (wasPpm ?? 0), 0) : null,
  });
  const lines = all.length > linesMax ? [...all.slice(0, linesMax - 1), sum(all.slice(linesMax - 1))] : all;
  const rowsWere = before ? before.rowsPpm : null;
  const rows: Line = { key: 'rows', account: null, count: 0, namedPpm: 0, ppm: rowsPpm, wasPpm: rowsWere };
  return rowsPpm > 0 || (rowsWere ?? 0) > 0 ? [...lines, rows] : lines;
}

const ppmOf = ({ namedPpm, poolPpm }: Payee) => namedPpm + poolPpm;

/** The data's part of an answer's fee, wei: the fee less the protocol's part, by the model's split. The period has it to the wei. */
export function dataPartWei(feeWei: bigint, protocolFeeBps: number, dataBps: number): bigint {
  const netWei = feeWei - (feeWei * BigInt(protocolFeeBps)) / 10_000n;
  return (netWei * BigInt(dataBps)) / 10_000n;
}

/** What a share of the data's part is in wei, rounded down. */
export function shareWei(poolWei: bigint, ppm: number): bigint {
  return (poolWei * BigInt(ppm)) / PPM;
}
