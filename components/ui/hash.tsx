import Link from 'next/link';
import { CopyButton } from './copy-button.tsx';
import { cx } from './cx.ts';

/** A hash, root, transaction or long id: shortened, whole on hover, copyable. `what` names it for the copy button. */
export function Hash({
  value,
  what = 'hash',
  href,
  copy = true,
  full,
  className,
}: {
  value: string;
  what?: string;
  href?: string;
  copy?: boolean;
  /** Shows every character, breaking lines where needed. */
  full?: boolean;
  className?: string;
}) {
  const head = value.startsWith('0x') ? 8 : value.indexOf('_') + 7;
  const text = full || value.length <= head + 6 ? value : `${value.slice(0, head)}…${value.slice(-4)}`;
  const look = cx('figures', full ? 'break-all' : 'whitespace-nowrap');
  return (
    <span className={cx('inline-flex items-center gap-1', className)}>
      {href ? (
        <Link href={href} title={value} className={cx(look, 'link')}>
          {text}
        </Link>
      ) : (
        <span title={value} className={look}>
          {text}
        </span>
      )}
      {copy && <CopyButton text={value} what={what} />}
    </span>
  );
}
