import { Page } from '#components/layout/page.tsx';
import { Skeleton, SkeletonRows } from '#components/ui/skeleton.tsx';

export default function Loading() {
  return (
    <Page title={<Skeleton className="h-10 w-64" />}>
      <Skeleton className="h-[280px]" />
      <SkeletonRows rows={4} />
    </Page>
  );
}
