'use client';

import { useRouter } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import { ActionProblem } from '#components/datanets/action-problem.tsx';
import { type Action, type ActionError, runAction } from '#components/datanets/action-types.ts';
import { Button } from '#components/ui/button.tsx';
import { Field } from '#components/ui/field.tsx';
import { Textarea } from '#components/ui/textarea.tsx';
import { useOpenedFocus } from '#components/ui/use-opened-focus.ts';
import type { PostCommentInput } from '#lib/discussions/schema.ts';

export type PostAction = Action<PostCommentInput, unknown>;

/** Writing a comment, or an answer to one. What was typed stays when sending fails. */
export function CommentForm({
  place,
  label,
  post,
  onClose,
}: {
  place: Pick<PostCommentInput, 'datanetId' | 'exampleId' | 'replyTo'>;
  label: string;
  post: PostAction;
  /** For answers: after sending, and to give up. */
  onClose?: (() => void) | undefined;
}) {
  const router = useRouter();
  const form = useOpenedFocus<HTMLFormElement>(onClose !== undefined);
  const [text, setText] = useState('');
  const [key, setKey] = useState(() => crypto.randomUUID());
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ActionError | null>(null);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    const result = await runAction(post, { ...place, text, idempotencyKey: key });
    setBusy(false);
    setError(result.ok ? null : result.error);
    if (!result.ok) return;
    setText('');
    setKey(crypto.randomUUID());
    form.current?.querySelector('textarea')?.focus(); // the button can do nothing now and would drop the focus
    onClose?.();
    router.refresh();
  };
  return (
    <form ref={form} onSubmit={submit} className="flex max-w-2xl flex-col gap-3">
      <Field label={label} error={error?.fieldErrors?.text}>
        {(control) => (
          <Textarea
            {...control}
            rows={3}
            maxLength={4000}
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        )}
      </Field>
      <div className="flex gap-2">
        <Button type="submit" size="sm" busy={busy} disabled={text.trim() === ''}>
          Send
        </Button>
        {onClose && (
          <Button size="sm" variant="quiet" onClick={onClose}>
            Cancel
          </Button>
        )}
      </div>
      <ActionProblem error={error} />
    </form>
  );
}
