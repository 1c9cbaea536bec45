'use client';

import { useState } from 'react';
import { Button } from '#components/ui/button.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import type { ThreadView } from '#lib/discussions/types.ts';
import { CommentForm, type PostAction } from './comment-form.tsx';
import { type CommentActions, CommentItem } from './comment-item.tsx';

type Reader = { you: string | null; isCurator: boolean; actions: CommentActions; post: PostAction };

/** Threads about a Datanet or a row, and a place to begin one. */
export function Discussion({
  threads,
  place,
  ...reader
}: Reader & { threads: readonly ThreadView[]; place: { datanetId: string; exampleId?: string } }) {
  return (
    <div className="flex flex-col gap-6">
      {threads.length === 0 && (
        <EmptyState title="Nobody has said anything yet">Ask what is unclear, or say what is missing.</EmptyState>
      )}
      <ol className="flex flex-col">
        {threads.map((thread) => (
          <Thread key={thread.id} thread={thread} place={place} {...reader} />
        ))}
      </ol>
      <CommentForm place={place} label="Say something" post={reader.post} />
    </div>
  );
}

function Thread({
  thread,
  place,
  post,
  ...reader
}: Reader & { thread: ThreadView; place: { datanetId: string; exampleId?: string } }) {
  const [replying, setReplying] = useState(false);
  const reply = (
    <Button size="sm" variant="quiet" onClick={() => setReplying(true)}>
      Answer
    </Button>
  );
  return (
    <li className="border-b border-hairline py-1">
      <CommentItem comment={thread} {...reader} reply={reply} />
      {(thread.replies.length > 0 || replying) && (
        <div className="ml-4 border-l border-hairline pl-4">
          {thread.replies.map((one) => (
            <CommentItem key={one.id} comment={one} {...reader} />
          ))}
          {replying && (
            <CommentForm
              place={{ ...place, replyTo: thread.id }}
              label="Your answer"
              post={post}
              onClose={() => setReplying(false)}
            />
          )}
        </div>
      )}
    </li>
  );
}
