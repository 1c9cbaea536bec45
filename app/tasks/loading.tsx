import { Skeleton, SkeletonRows } from '#components/ui/skeleton.tsx';

/** What stands while tasks are looked up. */
export default function TasksLoading() {
  return (
    <div className="mx-auto w-full max-w-page px-4 py-8 md:px-6 md:py-10">
      <Skeleton className="mb-8 h-10 w-2/3 max-w-md" />
      <SkeletonRows rows={8} />
    </div>
  );
}
