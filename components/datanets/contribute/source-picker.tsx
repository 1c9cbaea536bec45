'use client';

import { cx } from '#components/ui/cx.ts';
import { Field } from '#components/ui/field.tsx';
import { Textarea } from '#components/ui/textarea.tsx';
import type { DatanetField } from '#lib/datanets/types.ts';
import type { Draft, DraftMode } from './draft.ts';
import { SourceFile } from './source-file.tsx';
import { SourceForm } from './source-form.tsx';
import { type FetchUrlAction, SourceUrl } from './source-url.tsx';
import { UploadList } from './uploads/upload-list.tsx';
import type { Uploads } from './uploads/use-uploads.ts';

const modes: { mode: DraftMode; label: string }[] = [
  { mode: 'form', label: 'Type' },
  { mode: 'paste', label: 'Paste' },
  { mode: 'file', label: 'Drop a file' },
];

/** Three ways to give rows; changing the way keeps what the others hold. */
export function SourcePicker({
  draft,
  datanet: { slug, fields },
  change,
  fetchUrl,
  uploads,
}: {
  draft: Draft;
  datanet: { slug: string; fields: readonly DatanetField[] };
  change: (change: Partial<Draft>) => void;
  fetchUrl: FetchUrlAction;
  uploads: Uploads;
}) {
  return (
    <div className="flex flex-col gap-5">
      <fieldset className="flex w-fit rounded-md border border-border">
        <legend className="sr-only">How to give rows</legend>
        {modes.map(({ mode, label }) => (
          <label
            key={mode}
            className={cx(
              'cursor-pointer border-r border-border px-4 py-1.5 text-sm last:border-r-0 has-focus-visible:outline-2 has-focus-visible:outline-focus',
              draft.mode === mode ? 'bg-sunken font-medium text-ink' : 'text-muted hover:text-ink',
            )}
          >
            <input
              type="radio"
              name="mode"
              value={mode}
              checked={draft.mode === mode}
              onChange={() => change({ mode, mapping: null, redactedLines: [] })}
              className="sr-only"
            />
            {label}
          </label>
        ))}
      </fieldset>
      {draft.mode === 'form' && <SourceForm draft={draft} fields={fields} change={change} />}
      {draft.mode === 'file' && (
        <>
          <SourceFile draft={draft} change={change} sendLarge={(file) => void uploads.send(file)} />
          <SourceUrl fetchUrl={fetchUrl} change={change} />
        </>
      )}
      <UploadList slug={slug} state={uploads} />
      {draft.mode === 'paste' && (
        <div className="max-w-3xl">
          <Field
            label="Rows"
            hint="CSV with a header, JSON Lines, question and answer parted by a tab, or blocks: the question on one line, its answer below, an empty line between blocks."
          >
            {(control) => (
              <Textarea
                {...control}
                mono
                rows={10}
                value={draft.paste}
                onChange={(event) => change({ paste: event.target.value, redactedLines: [] })}
                spellCheck={false}
              />
            )}
          </Field>
        </div>
      )}
    </div>
  );
}
