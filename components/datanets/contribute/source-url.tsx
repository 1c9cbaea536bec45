'use client';

import { type FormEvent, useState } from 'react';
import { Button } from '#components/ui/button.tsx';
import { Checkbox } from '#components/ui/checkbox.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import { type Action, runAction } from '../action-types.ts';
import type { Draft } from './draft.ts';

export type FetchUrlAction = Action<{ url: string; consent: true }, { url: string; name: string; base64: string }>;

/** A file by its address: the server fetches it, this browser reads it like one that was dropped. */
export function SourceUrl({
  fetchUrl,
  change,
}: {
  fetchUrl: FetchUrlAction;
  change: (change: Partial<Draft>) => void;
}) {
  const [url, setUrl] = useState('');
  const [consent, setConsent] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | undefined>();
  const take = async (event: FormEvent) => {
    event.preventDefault();
    if (!consent) return setProblem('Say first that you may share this text.');
    setBusy(true);
    setProblem(undefined);
    const result = await runAction(fetchUrl, { url, consent });
    setBusy(false);
    if (!result.ok) return setProblem(result.error.message);
    try {
      const { readDroppedFile } = await import('./check-rows.ts');
      const bytes = Uint8Array.from(atob(result.data.base64), (letter) => letter.charCodeAt(0));
      const name = `${new URL(result.data.url).hostname}/${result.data.name}`;
      change({ file: await readDroppedFile(name, bytes), mapping: null, redactedLines: [], key: crypto.randomUUID() });
    } catch (error) {
      setProblem((error as Error).message);
    }
  };
  return (
    <form onSubmit={take} noValidate className="flex max-w-3xl flex-col gap-3">
      <Field label="Or the address of a file" hint="On the public Internet; at most 10 MB." error={problem}>
        {(control) => (
          <Input
            {...control}
            type="url"
            mono
            value={url}
            placeholder="https://"
            onChange={(event) => setUrl(event.target.value)}
          />
        )}
      </Field>
      <Checkbox
        label="The text is mine, or its licence allows me to share it here under this Datanet’s licence."
        checked={consent}
        onChange={(event) => setConsent(event.target.checked)}
      />
      <div>
        <Button type="submit" busy={busy} disabled={url.trim() === ''}>
          Fetch it
        </Button>
      </div>
    </form>
  );
}
