import { Page } from '#components/layout/page.tsx';
import { SkeletonRows } from '#components/ui/skeleton.tsx';

export default function Loading() {
  return (
    <Page title="Transactions">
      <SkeletonRows rows={6} />
    </Page>
  );
}
