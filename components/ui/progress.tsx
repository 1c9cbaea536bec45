import { cx } from './cx.ts';

/** How far something is, 0 to 1; `null` where nobody can know. `label` is read out. */
export function Progress({ value, label, className }: { value: number | null; label: string; className?: string }) {
  const percent = value === null ? undefined : Math.round(Math.min(1, Math.max(0, value)) * 100);
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
      className={cx('h-1.5 w-full overflow-hidden rounded-full bg-hairline', className)}
    >
      <div
        className={cx(
          'h-full bg-accent transition-[width] duration-200',
          percent === undefined && 'w-1/3 animate-pulse-soft',
        )}
        style={percent === undefined ? undefined : { width: `${percent}%` }}
      />
    </div>
  );
}
