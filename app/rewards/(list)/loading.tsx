import { Page } from '#components/layout/page.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';

export default function Loading() {
  return (
    <Page title="Rewards">
      <Skeleton className="h-24 w-full" />
      <Skeleton className="h-64 w-full" />
    </Page>
  );
}
