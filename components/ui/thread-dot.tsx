import { cx } from './cx.ts';
import { threadColor } from './thread-color.ts';

/** The dot in a contributor's thread colour. */
export function ThreadDot({ address, className }: { address: string; className?: string }) {
  return (
    <span
      aria-hidden
      className={cx('inline-block size-2 shrink-0 rounded-full', className)}
      style={{ background: threadColor(address) }}
    />
  );
}
