'use client';

import { useRouter } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import { Button } from '#components/ui/button.tsx';
import { Input } from '#components/ui/input.tsx';
import { Select } from '#components/ui/select.tsx';
import { toast } from '#components/ui/toast.ts';
import type { ActionResult } from '#lib/kernel/result.ts';
import type { SetCanaryInput } from '#lib/serving/schema.ts';

export type SetCanary = (input: SetCanaryInput) => Promise<ActionResult<void>>;
type Named = { slug: string; name: string };

/** How much of a model's questions another one answers: some, all, or none again. One press goes back. */
export function CanaryForm({
  model,
  candidates,
  percent,
  set,
}: {
  model: Named;
  /** At least one. */
  candidates: readonly Named[];
  percent: number;
  set: SetCanary;
}) {
  const router = useRouter();
  const [canary, setCanary] = useState(candidates[0]!.slug);
  const [text, setText] = useState(String(percent || 10));
  const [busy, setBusy] = useState(false);
  const part = Number(text);
  const isPart = text.trim() !== '' && Number.isInteger(part) && part >= 1 && part <= 100;
  const send = async (next: number) => {
    setBusy(true);
    const result = await set({ model: model.slug, canary, percent: next }).catch(() => null);
    setBusy(false);
    if (!result) return toast.error('The server did not answer. Press again; it is set once.');
    if (!result.ok) return toast.error(result.error.message);
    toast.success(
      next === 0 ? `${model.name} answers everything again.` : `In force with the next question: ${next} %.`,
    );
    router.refresh();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isPart) void send(part);
  };
  return (
    <form onSubmit={submit} className="flex flex-wrap items-center gap-2">
      {candidates.length > 1 && (
        <Select
          aria-label={`Model that answers for ${model.name}`}
          value={canary}
          onChange={(event) => setCanary(event.target.value)}
          className="h-8 w-48 text-sm"
        >
          {candidates.map(({ slug, name }) => (
            <option key={slug} value={slug}>
              {name}
            </option>
          ))}
        </Select>
      )}
      <Input
        mono
        inputMode="numeric"
        aria-label={`Percent of the questions to ${model.name}`}
        value={text}
        onChange={(event) => setText(event.target.value)}
        aria-invalid={!isPart || undefined}
        className="h-8 w-16"
      />
      <span className="text-sm text-muted">%</span>
      <Button type="submit" size="sm" busy={busy} disabled={!isPart}>
        Set
      </Button>
      {percent > 0 && (
        <Button size="sm" variant="danger" disabled={busy} onClick={() => send(0)}>
          Go back
        </Button>
      )}
    </form>
  );
}
