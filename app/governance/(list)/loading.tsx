import { Page } from '#components/layout/page.tsx';
import { SkeletonRows } from '#components/ui/skeleton.tsx';

export default function Loading() {
  return (
    <Page title="Governance">
      <SkeletonRows rows={8} />
    </Page>
  );
}
