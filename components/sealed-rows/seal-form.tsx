'use client';

import { type FormEvent, useState } from 'react';
import { ActionProblem } from '#components/datanets/action-problem.tsx';
import { type Action, type ActionError, runAction } from '#components/datanets/action-types.ts';
import { Button } from '#components/ui/button.tsx';
import { Field } from '#components/ui/field.tsx';
import { Textarea } from '#components/ui/textarea.tsx';
import { describeVerdict } from '#lib/contributions/parse/describe-verdict.ts';
import { judgeRows, pickFields } from '#lib/contributions/parse/judge-rows.ts';
import { applyMapping, guessMapping } from '#lib/contributions/parse/map-columns.ts';
import { parsePaste } from '#lib/contributions/parse/parse-file.ts';
import type { ParsedFile } from '#lib/contributions/parse/types.ts';
import type { InputRow } from '#lib/contributions/types.ts';
import type { DatanetField } from '#lib/datanets/types.ts';
import { sealRow } from '#lib/kernel/sealing/seal-row.ts';
import { type SubmitSealedRowsInput, sealedRowsMax } from '#lib/sealed-rows/schema.ts';
import { type KeyPlace, type OpenKeys, WithDataKeys } from './with-data-keys.tsx';

type Props = {
  place: KeyPlace;
  fields: readonly DatanetField[];
  submit: Action<SubmitSealedRowsInput, { storedRows: number; duplicates: number }>;
};

/** Checking and sealing rows in the browser: this is the only place that sees their text before a member does. */
export function SealForm(props: Props) {
  return <WithDataKeys place={props.place}>{(keys) => <Form {...props} keys={keys} />}</WithDataKeys>;
}

function Form({ place: { datanetId }, fields, submit, keys }: Props & { keys: OpenKeys }) {
  const [text, setText] = useState('');
  const [key, setKey] = useState(() => crypto.randomUUID());
  const [busy, setBusy] = useState(false);
  const [notes, setNotes] = useState<string[]>([]);
  const [error, setError] = useState<ActionError | null>(null);
  if (!keys.keys.has(keys.era) || !keys.keys.has(1))
    return <p className="text-sm text-muted">Your key is not wrapped for this Datanet’s newest era. Ask its owner.</p>;
  const send = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    const { sealed, refused } = await sealAll(text, fields, { datanetId, keys: keys.keys });
    if (sealed.length === 0) {
      setNotes(refused.length > 0 ? refused : ['There is no row yet.']);
      return setBusy(false);
    }
    const result = await runAction(submit, { datanetId, idempotencyKey: key, rows: sealed.slice(0, sealedRowsMax) });
    setBusy(false);
    setError(result.ok ? null : result.error);
    if (!result.ok) return;
    const { storedRows, duplicates } = result.data;
    const tooMany =
      sealed.length > sealedRowsMax ? [`Only the first ${sealedRowsMax} were sent; send the rest again.`] : [];
    setNotes([`${storedRows} sealed and sent, ${duplicates} there already.`, ...tooMany, ...refused]);
    // What was refused stays to be mended; what was stored is known by its hash when it is sent again.
    if (tooMany.length + refused.length === 0) setText('');
    setKey(crypto.randomUUID());
  };
  return (
    <form onSubmit={send} className="flex max-w-2xl flex-col gap-3">
      <Field
        label="Rows"
        hint={`JSON Lines or CSV with ${fields.map(({ name }) => name).join(', ')}. They are checked and sealed here; the server gets noise.`}
      >
        {(control) => (
          <Textarea {...control} rows={10} required value={text} onChange={(event) => setText(event.target.value)} />
        )}
      </Field>
      <div>
        <Button type="submit" variant="primary" busy={busy} disabled={text.trim() === ''}>
          Check, seal and send
        </Button>
      </div>
      <ul aria-live="polite" className="flex flex-col gap-1 text-sm">
        {notes.map((note) => (
          <li key={note}>{note}</li>
        ))}
      </ul>
      <ActionProblem error={error} />
    </form>
  );
}

/** The rows that pass the same checks as everywhere, sealed; and of the others a sentence each. */
async function sealAll(text: string, fields: readonly DatanetField[], place: Parameters<typeof sealRow>[1]) {
  let parsed: ParsedFile;
  try {
    parsed = parsePaste(text);
  } catch (error) {
    return { sealed: [], refused: [(error as Error).message] };
  }
  const rows: InputRow[] = applyMapping(parsed, guessMapping(fields, parsed.columns));
  const verdicts = judgeRows(fields, rows, new Map());
  const sealed = [];
  const refused = parsed.faults.map(({ line, fix }) => `Line ${line}: ${fix}`);
  for (const [i, verdict] of verdicts.entries()) {
    const data = pickFields(fields, rows[i]!.data);
    if (verdict.kind === 'new') sealed.push(await sealRow({ data, contentHash: verdict.contentHash }, place));
    else refused.push(`Line ${verdict.line}: ${describeVerdict(verdict)}`);
  }
  return { sealed, refused };
}
