'use client';

import { useRouter } from 'next/navigation';
import { type ReactNode, useState } from 'react';
import { type Action, runAction } from '#components/datanets/action-types.ts';
import { Address } from '#components/ui/address.tsx';
import { Button } from '#components/ui/button.tsx';
import { TimeAgo } from '#components/ui/time-ago.tsx';
import { toast } from '#components/ui/toast.ts';
import type { ModerateCommentInput, ReportCommentInput, TakeBackCommentInput } from '#lib/discussions/schema.ts';
import type { CommentView } from '#lib/discussions/types.ts';
import { ReasonForm } from './reason-form.tsx';

export type CommentActions = {
  moderate: Action<ModerateCommentInput, unknown>;
  report: Action<ReportCommentInput, unknown>;
  takeBack: Action<TakeBackCommentInput, unknown>;
};

/** One comment with what its reader may do about it. `reply` is shown among the acts. */
export function CommentItem({
  comment,
  you,
  isCurator,
  actions,
  reply,
}: {
  comment: CommentView;
  you: string | null;
  isCurator: boolean;
  actions: CommentActions;
  reply?: ReactNode;
}) {
  const router = useRouter();
  const [open, setOpen] = useState<'report' | 'moderate' | null>(null);
  const { id, state } = comment;
  const own = comment.author === you;
  const takeBack = async () => {
    const result = await runAction(actions.takeBack, { commentId: id });
    if (result.ok) router.refresh();
    else toast.error(result.error.message);
  };
  return (
    <article id={id} className="flex flex-col gap-2 py-3">
      <p className="flex flex-wrap items-center gap-x-3 text-xs text-muted">
        <Address address={comment.author} you={own} copy={false} />
        <TimeAgo at={comment.createdAt} />
      </p>
      <CommentText comment={comment} />
      {comment.reports.length > 0 && (
        <ul className="text-xs text-warn">
          {comment.reports.map(({ by, reason }) => (
            <li key={by}>
              Reported by <Address address={by} copy={false} />: {reason}
            </li>
          ))}
        </ul>
      )}
      {state !== 'taken-back' && !open && (
        <div className="flex flex-wrap gap-2">
          {reply}
          {own && (
            <Button size="sm" variant="quiet" onClick={takeBack}>
              Take back
            </Button>
          )}
          {isCurator && (
            <Button size="sm" variant="quiet" onClick={() => setOpen('moderate')}>
              {state === 'hidden' ? 'Restore' : 'Hide'}
            </Button>
          )}
          {!own && !isCurator && state === 'shown' && (
            <Button size="sm" variant="quiet" onClick={() => setOpen('report')}>
              Report
            </Button>
          )}
        </div>
      )}
      {open === 'report' && (
        <ReasonForm
          label="What is wrong with it?"
          hint="The curators read it."
          verb="Report"
          done="Reported to the curators."
          send={(reason) => runAction(actions.report, { commentId: id, reason })}
          onClose={() => setOpen(null)}
        />
      )}
      {open === 'moderate' && (
        <ReasonForm
          label={state === 'hidden' ? 'Why is it restored?' : 'Why is it hidden?'}
          hint="Everybody can read this in the log."
          verb={state === 'hidden' ? 'Restore' : 'Hide'}
          done={state === 'hidden' ? 'Restored.' : 'Hidden.'}
          send={(reason) => runAction(actions.moderate, { commentId: id, hides: state !== 'hidden', reason })}
          onClose={() => setOpen(null)}
        />
      )}
    </article>
  );
}

function CommentText({ comment: { state, text, hiddenBy, hiddenReason } }: { comment: CommentView }) {
  if (state === 'taken-back') return <p className="text-sm text-muted">Taken back by its author.</p>;
  return (
    <>
      {state === 'hidden' && (
        <p className="text-sm text-muted">
          Hidden
          {hiddenBy && (
            <>
              {' '}
              by <Address address={hiddenBy} copy={false} />
            </>
          )}
          : {hiddenReason}
        </p>
      )}
      {text !== null && <p className="prose-measure break-words whitespace-pre-wrap">{text}</p>}
    </>
  );
}
