import { formatOpen, formatOpenShort } from '#lib/kernel/money.ts';
import { cx } from './cx.ts';

/** An amount of OPEN: short on screen, exact on hover, never a float. `sign` writes + before positive amounts. */
export function Amount({
  wei,
  digits = 4,
  unit = true,
  sign,
  className,
}: {
  wei: bigint;
  digits?: number;
  unit?: boolean;
  sign?: boolean;
  className?: string;
}) {
  return (
    <data
      value={wei.toString()}
      title={`${formatOpen(wei)} OPEN`}
      className={cx('figures whitespace-nowrap', className)}
    >
      {sign && wei > 0n ? '+' : ''}
      {formatOpenShort(wei, digits)}
      {/* A space of the text itself: whoever hears or copies it gets "30 OPEN" as well. */}
      {unit && <span className="font-sans text-[0.85em] font-normal text-muted">&nbsp;OPEN</span>}
    </data>
  );
}
