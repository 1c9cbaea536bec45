import { buildDeps } from '#app/_server/deps.ts';
import { Discussion } from '#components/discussions/discussion.tsx';
import { Pagination } from '#components/ui/pagination.tsx';
import { listThreads } from '#lib/discussions/list-threads.ts';
import {
  moderateCommentAction,
  postCommentAction,
  reportCommentAction,
  takeBackCommentAction,
} from '../discussion-actions.ts';

const actions = { moderate: moderateCommentAction, report: reportCommentAction, takeBack: takeBackCommentAction };

/** What people say about a Datanet, or about the row that `exampleId` names. */
export async function DiscussionOf({
  place,
  viewer,
  after,
  hrefOf,
}: {
  place: { datanetId: string; exampleId?: string };
  viewer: { address: string | null; isCurator: boolean };
  after?: string | undefined;
  hrefOf: (after?: string) => string;
}) {
  const page = await listThreads(buildDeps().db, { ...place, after }, viewer.isCurator);
  const reader = { you: viewer.address, isCurator: viewer.isCurator, actions, post: postCommentAction };
  return (
    <>
      <Discussion threads={page.items} place={place} {...reader} />
      <Pagination
        label="Pages of the discussion"
        firstHref={after && hrefOf()}
        nextHref={page.nextCursor ? hrefOf(page.nextCursor) : undefined}
      />
    </>
  );
}
