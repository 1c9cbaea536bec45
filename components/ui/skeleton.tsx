import { cx } from './cx.ts';

/** Place of something that is coming; give it the size of what comes, so that nothing jumps. */
export function Skeleton({ className }: { className?: string }) {
  return <span aria-hidden className={cx('block h-4 w-full animate-pulse-soft rounded-sm bg-hairline', className)} />;
}

/** Table rows that are coming: `rows` lines of 36 px. Announced once as loading. */
export function SkeletonRows({ rows = 8 }: { rows?: number }) {
  return (
    <div role="status" aria-label="Loading">
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the rows are all alike and never change places
        <div key={row} className="flex h-9 items-center gap-6 border-b border-hairline">
          <Skeleton className="w-1/3" />
          <Skeleton className="w-1/5" />
          <Skeleton className="ml-auto w-1/6" />
        </div>
      ))}
    </div>
  );
}
