'use client';

import { useRouter } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import { Button } from '#components/ui/button.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import { Textarea } from '#components/ui/textarea.tsx';
import type { EvaluateSetInput, SaveEvaluationSetInput } from '#lib/evaluation/schema.ts';
import type { ActionResult } from '#lib/kernel/result.ts';

type Actions = {
  save: (input: SaveEvaluationSetInput) => Promise<ActionResult<{ setId: string }>>;
  evaluate: (input: EvaluateSetInput) => Promise<ActionResult<unknown>>;
};

/** Measures this adapter with a saved set, or with a new one: a question a line, its right answer after a bar where there is one. */
export function QuestionSets({
  runId,
  sets,
  save,
  evaluate,
}: Actions & { runId: string; sets: readonly { id: string; name: string; questions: number }[] }) {
  const router = useRouter();
  const [name, setName] = useState('');
  const [lines, setLines] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const measure = async (find: () => Promise<string | null>) => {
    setBusy(true);
    setError(null);
    const setId = await find().catch(() => null);
    const result = setId ? await evaluate({ runId, setId }).catch(() => null) : null;
    setBusy(false);
    if (result?.ok) return router.refresh();
    setError((before) => result?.error.message ?? before ?? 'The server did not answer. Try again.');
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void measure(async () => {
      const saved = await save({ name, questions: readQuestions(lines) });
      if (saved.ok) return saved.data.setId;
      setError(saved.error.message);
      return null;
    });
  };
  return (
    <div className="flex flex-col gap-4 text-sm">
      {sets.length > 0 && (
        <ul className="flex flex-wrap gap-2">
          {sets.map((set) => (
            <li key={set.id}>
              <Button size="sm" busy={busy} onClick={() => void measure(async () => set.id)}>
                Measure with “{set.name}” ({set.questions})
              </Button>
            </li>
          ))}
        </ul>
      )}
      <details>
        <summary className="cursor-pointer text-muted hover:text-ink">Measure with new questions</summary>
        <form onSubmit={submit} className="mt-4 flex max-w-2xl flex-col items-start gap-4">
          <Field label="Name of the set">
            {(control) => (
              <Input {...control} maxLength={60} value={name} onChange={({ target }) => setName(target.value)} />
            )}
          </Field>
          <Field label="Questions, one a line" hint="With a right answer: question | answer. At most 50.">
            {(control) => (
              <Textarea {...control} rows={4} value={lines} onChange={({ target }) => setLines(target.value)} />
            )}
          </Field>
          <Button type="submit" busy={busy} disabled={name.trim().length < 3 || readQuestions(lines).length === 0}>
            Save and measure
          </Button>
        </form>
      </details>
      {error && (
        <p role="alert" className="text-bad">
          {error}
        </p>
      )}
    </div>
  );
}

function readQuestions(text: string): SaveEvaluationSetInput['questions'] {
  return text
    .split('\n')
    .map((line) => line.split('|'))
    .map(([question = '', ...answer]) => ({ question: question.trim(), answer: answer.join('|').trim() || null }))
    .filter(({ question }) => question !== '');
}
