'use client';

import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { Button } from '#components/ui/button.tsx';
import { Section } from '#components/ui/section.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { toast } from '#components/ui/toast.ts';
import type { SubmittedContribution } from '#lib/contributions/types.ts';
import type { DatanetField } from '#lib/datanets/types.ts';
import { ActionProblem } from '../action-problem.tsx';
import { type Action, type ActionError, runAction } from '../action-types.ts';
import type { CheckedRow } from './check-rows.ts';
import { ColumnMapping } from './column-mapping.tsx';
import { type Draft, sourceName } from './draft.ts';
import { SourcePicker } from './source-picker.tsx';
import type { FetchUrlAction } from './source-url.tsx';
import { SubmitRows } from './submit-rows.tsx';
import type { Upload } from './uploads/upload-api.ts';
import { type DropUploadAction, useUploads } from './uploads/use-uploads.ts';
import { type CheckState, type PreviewAction, useCheckedDraft } from './use-checked-draft.ts';
import { useDraft } from './use-draft.ts';
import { VerdictTable } from './verdict-table.tsx';

type SubmitInput = {
  datanetId: string;
  source: string;
  idempotencyKey: string;
  rows: { line: number; data: Record<string, string> }[];
};
export type SubmitAction = Action<SubmitInput, SubmittedContribution>;

/** From rows in any form to a contribution: give, map, see each verdict, send. A draft survives reload and closed tab. */
export function ContributeFlow({
  datanet,
  preview,
  submit,
  fetchUrl,
  dropUpload,
  firstUploads,
}: {
  datanet: { id: string; slug: string; license: string; fields: readonly DatanetField[]; language: string };
  preview: PreviewAction;
  submit: SubmitAction;
  fetchUrl: FetchUrlAction;
  dropUpload: DropUploadAction;
  /** Large files of this person that are under way, or ended within the hour. */
  firstUploads: readonly Upload[];
}) {
  const router = useRouter();
  const { draft, change, clear, kept } = useDraft(datanet.slug);
  const state = useCheckedDraft(draft, datanet, preview);
  const uploads = useUploads(datanet.slug, firstUploads, dropUpload);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ActionError | null>(null);
  if (!draft) return <Skeleton className="h-64" />;
  const send = async (rows: readonly CheckedRow[]) => {
    setBusy(true);
    const result = await runAction(submit, toInput(datanet.id, draft, rows));
    setBusy(false);
    if (!result.ok) {
      // The key belongs to rows that were changed since: the next click is a contribution of its own.
      if (result.error.code === 'idempotency_key_reused') change({ key: crypto.randomUUID() });
      return setError(result.error);
    }
    const lost = result.data.verdicts.filter((verdict) => verdict.kind !== 'new').length;
    if (lost > 0)
      toast.warning(`${lost} rows were there already or did not pass the server's check; the others are stored.`);
    clear();
    router.push(`/datanets/${datanet.slug}/contributions/${result.data.contributionId}`);
  };
  return (
    <div className="flex flex-col gap-8">
      <Section title="1. Your rows">
        <SourcePicker draft={draft} datanet={datanet} change={change} fetchUrl={fetchUrl} uploads={uploads} />
        {!kept && (
          <p className="mt-3 text-xs text-warn">
            This browser does not keep so large a draft: it is gone when you close the tab.
          </p>
        )}
      </Section>
      <Checked draft={draft} state={state} datanet={datanet} change={change} />
      {state.status === 'checked' && (
        <Section title="3. Send">
          <SubmitRows state={state} license={datanet.license} busy={busy} onSend={send} />
          <div className="mt-3">
            <ActionProblem error={error} offerSignIn={false} />
          </div>
          <Button variant="quiet" size="sm" className="mt-4" onClick={clear}>
            Discard this draft
          </Button>
        </Section>
      )}
    </div>
  );
}

function Checked({
  draft,
  state,
  datanet,
  change,
}: {
  draft: Draft;
  state: CheckState;
  datanet: { slug: string; fields: readonly DatanetField[] };
  change: (change: Partial<Draft>) => void;
}) {
  if (state.status === 'empty' || state.status === 'checking') return null;
  if (state.status === 'refused') {
    return (
      <p role="alert" className="border-l-2 border-bad py-1 pl-4 text-sm text-bad">
        {state.message}
      </p>
    );
  }
  const typed = draft.mode === 'form';
  const remove = (line: number) =>
    change({ formRows: draft.formRows.filter((_, i) => i + 1 !== line), redactedLines: [] });
  return (
    <Section
      title="2. What we make of them"
      intro="Each row is checked in your browser; the Datanet is asked only for hashes."
    >
      <div className="flex flex-col gap-6">
        {!typed && (
          <ColumnMapping
            checked={state.checked}
            chosen={draft.mapping}
            fields={datanet.fields}
            onChange={(mapping) => change({ mapping, redactedLines: [] })}
          />
        )}
        <VerdictTable
          rows={state.checked.rows}
          fields={datanet.fields}
          slug={datanet.slug}
          onRedact={(line) => change({ redactedLines: [...draft.redactedLines, line] })}
          onRemove={typed ? remove : undefined}
        />
      </div>
    </Section>
  );
}

/** Only rows that are new are sent; the server judges them again. */
function toInput(datanetId: string, draft: Draft, rows: readonly CheckedRow[]): SubmitInput {
  return {
    datanetId,
    source: sourceName(draft).slice(0, 120),
    idempotencyKey: draft.key,
    rows: rows.flatMap(({ line, data, verdict }) => (verdict.kind === 'new' && data ? [{ line, data }] : [])),
  };
}
