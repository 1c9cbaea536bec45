'use client';

import Link from 'next/link';
import { type FormEvent, useState } from 'react';
import { Button } from '#components/ui/button.tsx';
import { Checkbox } from '#components/ui/checkbox.tsx';
import { Field } from '#components/ui/field.tsx';
import { Textarea } from '#components/ui/textarea.tsx';
import { useOpenedFocus } from '#components/ui/use-opened-focus.ts';
import { useAccountSession } from '#components/wallet/use-account-session.ts';
import type { CorrectionPlace } from '#lib/feedback/types.ts';
import { postJson } from './post-json.ts';

type Sent = { contributionId: string; datanetSlug: string };

/** The answer as it should be, offered as a row of the model's Datanet; asks for consent, and for an account only here. */
export function CorrectionForm(props: {
  receiptId: string;
  question: string;
  answer: string;
  place: NonNullable<CorrectionPlace>;
}) {
  const { receiptId, place } = props;
  const { address, signIn } = useAccountSession();
  const form = useOpenedFocus<HTMLFormElement>();
  const [question, setQuestion] = useState(props.question);
  const [answer, setAnswer] = useState(props.answer);
  const [consent, setConsent] = useState(false);
  const [key] = useState(() => crypto.randomUUID());
  const [state, setState] = useState<{ busy: boolean; problem: string | null; sent: Sent | null }>({
    ...{ busy: false, problem: null, sent: null },
  });
  async function submit(event: FormEvent) {
    event.preventDefault();
    setState({ busy: true, problem: null, sent: null });
    const words = { question, answer, consent, idempotencyKey: key };
    const reply = await postJson<Sent>(`/api/v1/receipts/${receiptId}/corrections`, words);
    setState({ busy: false, problem: reply.ok ? null : reply.message, sent: reply.ok ? reply.data : null });
  }
  if (state.sent) {
    const { datanetSlug, contributionId } = state.sent;
    return (
      <p role="status">
        Sent to the curators of {place.datanetTitle}. When it is accepted and a model is trained on it, it earns for
        you.{' '}
        <Link className="link" href={`/datanets/${datanetSlug}/contributions/${contributionId}`}>
          Where it stands
        </Link>
      </p>
    );
  }
  return (
    <form ref={form} onSubmit={submit} className="flex flex-col gap-3 border-l-2 border-border pl-4">
      <Field label="The question, as anybody may read it">
        {(control) => (
          <Textarea {...control} rows={2} value={question} onChange={(event) => setQuestion(event.target.value)} />
        )}
      </Field>
      <Field label="The answer as it should be" error={state.problem ?? undefined}>
        {(control) => (
          <Textarea {...control} rows={4} value={answer} onChange={(event) => setAnswer(event.target.value)} />
        )}
      </Field>
      <Checkbox
        label={`I wrote or checked this and give it to ${place.datanetTitle} under ${place.license}.`}
        hint="It becomes a row under your account, with this receipt named as where it comes from. Curators decide about it; you can withdraw it."
        checked={consent}
        onChange={(event) => setConsent(event.target.checked)}
      />
      {address ? (
        <Button type="submit" variant="primary" className="self-start" busy={state.busy} disabled={!consent}>
          Offer it as a row
        </Button>
      ) : (
        <p className="flex flex-wrap items-center gap-3">
          A row needs an account that it can earn for.
          <Button onClick={signIn}>Connect a wallet</Button>
        </p>
      )}
    </form>
  );
}
