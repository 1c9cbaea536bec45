import Link from 'next/link';
import { getAddress } from 'viem/utils';
import { CopyButton } from './copy-button.tsx';
import { cx } from './cx.ts';
import { ThreadDot } from './thread-dot.tsx';

/**
 * An account or contract: thread-colour dot, checksummed short form, copy button. Storage is lower-case, the screen shows
 * EIP-55. `you` says "you" after it; `href` makes it a link; `copy={false}` inside dense tables. `handle`: the name of somebody
 * without a wallet, shown in place of the account that was computed from it.
 */
export function Address({
  address,
  href,
  copy = true,
  dot = true,
  you = false,
  handle,
  className,
}: {
  address: string;
  href?: string;
  copy?: boolean;
  dot?: boolean;
  you?: boolean;
  handle?: string | null | undefined;
  className?: string;
}) {
  const full = getAddress(address);
  const short = handle ?? `${full.slice(0, 6)}…${full.slice(-4)}`;
  return (
    <span className={cx('inline-flex items-center gap-1.5 whitespace-nowrap', className)}>
      {dot && <ThreadDot address={address} />}
      {href ? (
        <Link href={href} title={full} className="figures link">
          {short}
        </Link>
      ) : (
        <span title={full} className="figures">
          {short}
        </span>
      )}
      {you && <span className="text-xs text-muted">you</span>}
      {copy && <CopyButton text={full} what="address" />}
    </span>
  );
}
