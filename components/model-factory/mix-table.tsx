'use client';

import { useId, useState } from 'react';
import { Button } from '#components/ui/button.tsx';
import { Select } from '#components/ui/select.tsx';
import { inheritLicence } from '#lib/kernel/licences.ts';
import { mixPartsMax, rowsReadOnce, tenthsRange } from '#lib/kernel/mix-weights.ts';
import type { ChosenPart } from '#lib/mixes/types.ts';
import type { TrainableVersion } from '#lib/model-factory/types.ts';
import { formatCount } from './format.ts';
import { addable, faultOfMix } from './mix-rules.ts';

const { least, most, once } = tenthsRange;

/** The versions of a mix with their weights, what each gives to a pass, and what can be added. One part alone is no mix yet. */
export function MixTable({
  parts,
  versions,
  onChange,
}: {
  parts: readonly ChosenPart[];
  versions: readonly TrainableVersion[];
  onChange: (parts: ChosenPart[]) => void;
}) {
  const rows = parts.map((part) => ({ part, version: versions.find(({ id }) => id === part.versionId) }));
  const reads = rows.map(({ part, version }) => (version ? rowsReadOnce(version.rowCount, part.tenths) : 0));
  const sum = Math.max(
    1,
    reads.reduce((a, b) => a + b, 0),
  );
  const fault = faultOfMix(parts, versions);
  const change = (at: number, tenths: number) =>
    onChange(parts.map((part, i) => (i === at ? { ...part, tenths } : part)));
  return (
    <section aria-label="Versions to train on together" className="flex w-full flex-col gap-4 text-sm">
      <ol className="border-t border-hairline">
        {rows.map(({ part, version }, i) => (
          <li key={part.versionId || i} className="grid grid-cols-1 gap-2 border-b border-hairline py-3 sm:grid-cols-2">
            <span className="flex min-w-0 flex-col gap-0.5">
              <span className="font-medium text-ink">
                {version
                  ? `${version.datanet.title}, version ${version.number}`
                  : 'A version that is not there any more'}
              </span>
              {version && (
                <span className="text-muted">
                  {formatCount(version.rowCount)} rows · {version.license}
                </span>
              )}
            </span>
            <span className="flex flex-wrap items-center gap-3">
              {version && (
                <Weight
                  title={version.datanet.title}
                  tenths={part.tenths}
                  onChange={(tenths) => change(i, tenths)}
                  note={`about ${formatCount(reads[i]!)} rows a pass, ${Math.round((reads[i]! / sum) * 100)} %`}
                />
              )}
              <Button size="sm" variant="quiet" onClick={() => onChange(parts.filter((_, at) => at !== i))}>
                Remove<span className="sr-only"> {version?.datanet.title ?? 'the version that is gone'}</span>
              </Button>
            </span>
          </li>
        ))}
      </ol>
      <AddPart
        parts={parts}
        versions={versions}
        onAdd={(versionId) => onChange([...parts, { versionId, tenths: once }])}
      />
      {fault ? (
        <p role="alert" className="prose-measure text-bad">
          {fault}
        </p>
      ) : (
        <Outcome versions={rows.flatMap(({ version }) => version ?? [])} />
      )}
    </section>
  );
}

function Weight({
  title,
  tenths,
  note,
  onChange,
}: {
  title: string;
  tenths: number;
  note: string;
  onChange: (tenths: number) => void;
}) {
  const id = useId();
  const weight = String(tenths / once);
  return (
    <>
      <label htmlFor={id} className="sr-only">
        Weight of {title}
      </label>
      <input
        id={id}
        type="range"
        min={least}
        max={most}
        value={tenths}
        aria-valuetext={`${weight} times a pass, ${note}`}
        onChange={(event) => onChange(Number(event.target.value))}
        className="h-6 w-32 accent-accent"
      />
      <span className="figures w-8">{weight}×</span>
      <span className="text-xs text-muted">{note}</span>
    </>
  );
}

function AddPart({
  parts,
  versions,
  onAdd,
}: {
  parts: readonly ChosenPart[];
  versions: readonly TrainableVersion[];
  onAdd: (versionId: string) => void;
}) {
  const id = useId();
  const [chosen, setChosen] = useState('');
  const offered = addable(parts, versions);
  if (parts.length >= mixPartsMax) return <p className="text-muted">A mix has {mixPartsMax} versions at most.</p>;
  if (offered.length === 0) return <p className="text-muted">There is no other Datanet to add yet.</p>;
  const picked = offered.find(({ version }) => version.id === chosen);
  return (
    <div className="flex flex-wrap items-end gap-3">
      <label htmlFor={id} className="flex min-w-0 flex-col gap-1">
        <span>Add another Datanet</span>
        <Select id={id} value={picked?.version.id ?? ''} onChange={(event) => setChosen(event.target.value)}>
          <option value="">Choose a version</option>
          {offered.map(({ version, fault }) => (
            <option key={version.id} value={version.id} disabled={fault !== null}>
              {version.datanet.title}, version {version.number} ({version.rowCount} rows, {version.license})
              {fault ? ': licence does not fit' : ''}
            </option>
          ))}
        </Select>
      </label>
      <Button
        size="sm"
        disabled={!picked}
        onClick={() => {
          onAdd(picked!.version.id);
          setChosen('');
        }}
      >
        Add
      </Button>
    </div>
  );
}

/** Under which licence the model stands, and what has to be on chain before it can be published. */
function Outcome({ versions }: { versions: readonly TrainableVersion[] }) {
  const inherited = inheritLicence(versions.map(({ license }) => license));
  const waiting = versions.filter(({ anchored }) => !anchored);
  if (versions.length < 2 || !inherited.ok) return null;
  return (
    <ul className="prose-measure flex list-disc flex-col gap-1 pl-5 text-muted">
      <li>The model stands under {inherited.licence}, the licence that all of them allow.</li>
      {inherited.sentences.map((sentence) => (
        <li key={sentence}>{sentence}</li>
      ))}
      <li>
        Each row earns for the people of its own Datanet. What stands in two of them is read once, as the row of who
        brought it first.
      </li>
      {waiting.length > 0 && (
        <li>
          To publish the model, curators first anchor{' '}
          {waiting.map(({ datanet, number }) => `${datanet.title} version ${number}`).join(' and ')} on chain.
        </li>
      )}
    </ul>
  );
}
