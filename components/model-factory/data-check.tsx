'use client';

import { SkeletonRows } from '#components/ui/skeleton.tsx';
import type { TrainableVersion, TrainingCheck } from '#lib/model-factory/types.ts';
import { formatCount } from './format.ts';
import { type EstimateAction, useEstimate } from './use-estimate.ts';
import { dataOf, type WizardChoices } from './wizard-rules.ts';

/** What the base would see of the chosen rows: how columns are used, how long rows are, what is cut, and five of them as they are read. */
export function DataCheck({
  choices,
  versions,
  estimate,
}: {
  choices: WizardChoices;
  /** Those that are chosen: one, or several with weights. */
  versions: readonly TrainableVersion[];
  estimate: EstimateAction;
}) {
  const { base: baseModel, recipe } = choices;
  const state = useEstimate(estimate, { ...dataOf(choices), baseModel, recipe });
  if (baseModel === '') return <p>Choose a base first; each base counts tokens in its own way.</p>;
  if (state.state === 'counting') return <SkeletonRows rows={3} />;
  if (state.state === 'refused')
    return (
      <p role="alert" className="text-bad">
        {state.message}
      </p>
    );
  const { check, notes } = state.estimate;
  return (
    <section aria-label="What the model will read" className="mt-2 flex flex-col gap-4 border-t border-hairline pt-4">
      {versions.map(({ id, datanet, fields: [ask, answer] }) => (
        <p key={id} className="prose-measure text-ink">
          {versions.length > 1 && `${datanet.title}: `}
          {answer
            ? `“${ask}” is the question and “${answer}” the answer. Only answers are learnt, unless Advanced says otherwise.`
            : `“${ask}” is learnt as plain text.`}
        </p>
      ))}
      {check && check.parts.length > 1 && <Parts parts={check.parts} versions={versions} />}
      {!check && (
        <p role="status" className="text-warn">
          The server that counts tokens did not answer, so rows cannot be shown as the model reads them. Open this
          screen again in a moment; you can go on meanwhile.
        </p>
      )}
      {notes.length > 0 && (
        <ul className="flex list-disc flex-col gap-1 pl-5 text-warn">
          {notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
      {check && <Histogram check={check} />}
      {check && <Prompts prompts={check.prompts} />}
    </section>
  );
}

/** What each version of a mix gives, counted by the trainer: copies are looked for over all of them. */
function Parts({ parts, versions }: { parts: TrainingCheck['parts']; versions: readonly TrainableVersion[] }) {
  const sum = Math.max(
    1,
    parts.reduce((reads, part) => reads + part.rowsPerPass, 0),
  );
  return (
    <ul aria-label="What each version gives" className="flex flex-col gap-1">
      {parts.map(({ versionId, trainRows, rowsPerPass, copies, copiesOfOthers }) => (
        <li key={versionId}>
          <span className="text-ink">{versions.find(({ id }) => id === versionId)?.datanet.title}</span>:{' '}
          {formatCount(trainRows)} rows to learn from, {formatCount(rowsPerPass)} read in a pass (
          {Math.round((rowsPerPass / sum) * 100)} %)
          {copies > 0 && `; ${formatCount(copies)} copies left out`}
          {copiesOfOthers > 0 && `, ${formatCount(copiesOfOthers)} of them of older rows in another of these Datanets`}.
        </li>
      ))}
    </ul>
  );
}

function Histogram({ check }: { check: TrainingCheck }) {
  const most = Math.max(...check.histogram.map(({ rows }) => rows), 1);
  return (
    <figure className="flex flex-col gap-2">
      <figcaption>
        Tokens a row ({formatCount(check.countedRows)} rows counted, the longest has {formatCount(check.longestTokens)};{' '}
        {formatCount(check.tokens)} tokens a pass)
      </figcaption>
      <ol className="flex flex-col gap-1">
        {check.histogram.map(({ upTo, rows }) => (
          <li key={upTo} className="grid grid-cols-[5rem_minmax(0,1fr)_3rem] items-center gap-3 text-xs">
            <span className="figures text-right">up to {upTo}</span>
            <span className="h-3 bg-sunken">
              <span className="block h-3 bg-[var(--thread-1)]" style={{ width: `${(rows / most) * 100}%` }} />
            </span>
            <span className="figures">{rows}</span>
          </li>
        ))}
      </ol>
    </figure>
  );
}

function Prompts({ prompts }: { prompts: TrainingCheck['prompts'] }) {
  return (
    <details>
      <summary className="cursor-pointer hover:text-ink">{prompts.length} rows as the model reads them</summary>
      <p className="mt-2">After the base’s own template; the words that are learnt are underlined.</p>
      <ol className="mt-2 flex flex-col gap-3">
        {prompts.map(({ id, before, answer, tokens, isCut }) => (
          <li key={id} className="border-l-2 border-hairline pl-3">
            <pre className="figures text-xs break-words whitespace-pre-wrap text-ink">
              {before}
              <ins className="decoration-accent underline-offset-4">{answer}</ins>
            </pre>
            <p className="mt-1 text-xs">
              {tokens} tokens{isCut ? '; its end is cut' : ''}
            </p>
          </li>
        ))}
      </ol>
    </details>
  );
}
