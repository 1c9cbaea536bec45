import { Address } from '#components/ui/address.tsx';
import { Amount } from '#components/ui/amount.tsx';
import { threadColor } from '#components/ui/thread-color.ts';

/** Per cent of a share in ppm, two decimals, computed in integers. */
export function percent(ppm: number): string {
  return `${Math.floor(ppm / 10_000)}.${String(Math.floor((ppm % 10_000) / 100)).padStart(2, '0')} %`;
}

/** Who shaped an answer, largest share first: a bar in each contributor's thread colour, and what it earns. */
export function ShareBars({
  shares,
  poolWei,
  you,
}: {
  shares: { contributor: string; sharePpm: number }[];
  /** What the data contributors share, wei; shown only when there is something to share. */
  poolWei: bigint;
  you?: string | null;
}) {
  const ordered = [...shares].sort((a, b) => b.sharePpm - a.sharePpm);
  return (
    <ol className="flex flex-col">
      {ordered.map((share) => (
        <li
          key={share.contributor}
          className="grid min-h-9 grid-cols-[1fr_auto] items-center gap-x-4 gap-y-1 border-b border-hairline py-1 text-sm md:grid-cols-[11rem_1fr_4.5rem_9rem]"
        >
          <Address address={share.contributor} copy={false} you={you?.toLowerCase() === share.contributor} />
          <span aria-hidden className="order-last col-span-full h-2 bg-sunken md:order-none md:col-span-1">
            <span
              className="block h-2"
              style={{ width: `${share.sharePpm / 10_000}%`, background: threadColor(share.contributor) }}
            />
          </span>
          <span className="figures text-right">{percent(share.sharePpm)}</span>
          {poolWei > 0n && (
            <Amount
              wei={(poolWei * BigInt(share.sharePpm)) / 1_000_000n}
              digits={6}
              className="text-right text-accent"
            />
          )}
        </li>
      ))}
    </ol>
  );
}
