import { Page } from '#components/layout/page.tsx';
import { Skeleton, SkeletonRows } from '#components/ui/skeleton.tsx';

export default function Loading() {
  return (
    <Page title={<Skeleton className="h-10 w-72" />}>
      <Skeleton className="h-16" />
      <SkeletonRows rows={12} />
    </Page>
  );
}
