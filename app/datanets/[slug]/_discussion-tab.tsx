import { buildDeps } from '#app/_server/deps.ts';
import { ModerationLog } from '#components/discussions/moderation-log.tsx';
import type { DatanetDetail } from '#lib/datanets/types.ts';
import { listModerations } from '#lib/discussions/list-threads.ts';
import { loadAccess } from '../_access.ts';
import type { Viewer } from '../_data.ts';
import { hrefWith } from '../_href.ts';
import { DiscussionOf } from './_discussion.tsx';

/** The talk about a Datanet as a whole; rows have their own on their pages. */
export async function DiscussionTab({
  datanet,
  viewer,
  after,
}: {
  datanet: DatanetDetail;
  viewer: Viewer;
  after: string | undefined;
}) {
  const { mayRead } = await loadAccess(datanet.id); // acts about comments on rows may quote them
  const acts = await listModerations(buildDeps().db, datanet.id);
  return (
    <div className="flex flex-col gap-8">
      <DiscussionOf
        place={{ datanetId: datanet.id }}
        viewer={viewer}
        after={after}
        hrefOf={(next) => hrefWith(`/datanets/${datanet.slug}`, { tab: 'discussion', after: next })}
      />
      {mayRead && <ModerationLog acts={acts} />}
    </div>
  );
}
