'use client';

import { useRouter } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import { Button } from '#components/ui/button.tsx';
import { Field } from '#components/ui/field.tsx';
import { Textarea } from '#components/ui/textarea.tsx';
import type { ActionResult } from '#lib/kernel/result.ts';
import type { SaveModelCardInput } from '#lib/model-factory/schema.ts';

/** For the owner: the card as Markdown, folded away until wanted. */
export function CardEditor({
  model,
  initial,
  save,
}: {
  model: string;
  initial: string;
  save: (input: SaveModelCardInput) => Promise<ActionResult<void>>;
}) {
  const router = useRouter();
  const [body, setBody] = useState(initial);
  const [busy, setBusy] = useState(false);
  const [said, setSaid] = useState<{ ok: boolean; text: string } | null>(null);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    const result = await save({ model, body }).catch(() => null);
    setBusy(false);
    if (result?.ok) {
      setSaid({ ok: true, text: 'Saved.' });
      router.refresh();
    } else
      setSaid({ ok: false, text: result?.error.message ?? 'The server did not answer; your words are still here.' });
  };
  return (
    <details className="text-sm">
      <summary className="cursor-pointer text-muted hover:text-ink">Edit the card</summary>
      <form onSubmit={submit} className="mt-4 flex max-w-2xl flex-col items-start gap-3">
        <Field label="Card, in Markdown" hint="Headings, lists, **strong**, `code` and links. HTML is shown as it is.">
          {(control) => (
            <Textarea
              {...control}
              rows={16}
              maxLength={20_000}
              value={body}
              onChange={(event) => setBody(event.target.value)}
            />
          )}
        </Field>
        <Button type="submit" busy={busy}>
          Save the card
        </Button>
        {said && (
          <p role={said.ok ? 'status' : 'alert'} className={said.ok ? 'text-good' : 'text-bad'}>
            {said.text}
          </p>
        )}
      </form>
    </details>
  );
}
