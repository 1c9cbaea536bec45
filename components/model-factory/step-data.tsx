'use client';

import dynamic from 'next/dynamic';
import { useState } from 'react';
import { Button } from '#components/ui/button.tsx';
import { Status } from '#components/ui/status.tsx';
import { inheritLicence } from '#lib/kernel/licences.ts';
import { tenthsRange } from '#lib/kernel/mix-weights.ts';
import type { TrainableVersion } from '#lib/model-factory/types.ts';
import { DataCheck } from './data-check.tsx';
import { domainTitle } from './domain-title.ts';
import { MixTable } from './mix-table.tsx';
import { OptionList } from './option-list.tsx';
import type { OwnRowsActions } from './own-rows-actions.ts';
import type { EstimateAction } from './use-estimate.ts';
import type { Wizard } from './use-wizard.ts';
import type { WizardOptions } from './wizard-rules.ts';

/** Parsers and wallet code come only to who brings a file. */
const OwnRows = dynamic(() => import('./own-rows.tsx'), { ssr: false, loading: () => <p>Loading…</p> });

/** Which frozen version is learnt from, with its licence and whether a model of it can be published at once. */
export function StepData({
  wizard,
  options,
  estimate,
  own,
}: {
  wizard: Wizard;
  options: WizardOptions;
  estimate: EstimateAction;
  own: OwnRowsActions;
}) {
  const { choices, change, changeMix } = wizard;
  const [older, setOlder] = useState(false);
  const fits = options.versions.filter(({ datanet }) => !choices.domain || datanet.domain === choices.domain);
  const hasOther = fits.length < options.versions.length;
  const newest = new Map<string, string>();
  for (const version of fits) if (!newest.has(version.datanet.id)) newest.set(version.datanet.id, version.id);
  const isNewest = (version: TrainableVersion) => newest.get(version.datanet.id) === version.id;
  const shown = fits.filter((version) => older || isNewest(version) || version.id === choices.version);
  const chosen = options.versions.find((version) => version.id === choices.version);
  const isMix = choices.mix.length > 0;
  const mixed = new Set(choices.mix.map(({ versionId }) => versionId));
  const used = options.versions.filter(({ id }) => (isMix ? mixed.has(id) : id === choices.version));
  return (
    <div className="flex flex-col items-start gap-4">
      {isMix ? (
        <MixTable parts={choices.mix} versions={options.versions} onChange={changeMix} />
      ) : (
        <>
          <div className="w-full">
            <OptionList
              legend="Datanet version"
              value={choices.version}
              onChange={(version) => change({ version })}
              options={shown.map((version) => ({
                value: version.id,
                title: `${version.datanet.title}, version ${version.number}`,
                detail: `${version.rowCount} rows by ${version.contributorCount} ${version.contributorCount === 1 ? 'contributor' : 'contributors'} · ${domainTitle(version.datanet.domain)} · ${version.license}`,
                aside: (
                  <span className="flex flex-col items-end gap-1">
                    <Status tone={version.anchored ? 'good' : 'warn'}>
                      {version.anchored ? 'On chain' : 'Not on chain yet'}
                    </Status>
                    {version.tier !== 'public' && <Status tone="neutral">Private rows</Status>}
                  </span>
                ),
              }))}
            />
          </div>
          <div className="flex flex-wrap gap-2">
            {fits.length > newest.size && (
              <Button size="sm" variant="quiet" onClick={() => setOlder(!older)}>
                {older ? 'Newest versions only' : 'Show older versions too'}
              </Button>
            )}
            {hasOther && (
              <Button size="sm" variant="quiet" onClick={() => change({ domain: '' })}>
                Show all domains
              </Button>
            )}
          </div>
        </>
      )}
      <details
        open={wizard.own !== '' || options.versions.length === 0}
        className="w-full border-t border-hairline pt-4"
      >
        <summary className="cursor-pointer text-sm text-muted hover:text-ink">Bring in a file of your own</summary>
        <div className="mt-4 text-sm">
          <OwnRows wizard={wizard} actions={own} />
        </div>
      </details>
      {chosen && !isMix && (
        <details className="w-full border-t border-hairline pt-4">
          <summary className="cursor-pointer text-sm text-muted hover:text-ink">Mix it with other Datanets</summary>
          <div className="mt-4">
            <MixTable
              parts={[{ versionId: chosen.id, tenths: tenthsRange.once }]}
              versions={options.versions}
              onChange={changeMix}
            />
          </div>
        </details>
      )}
      {(chosen || isMix) && (
        <div className="flex w-full flex-col gap-2 text-sm text-muted">
          {chosen && !isMix && <ChosenNotes version={chosen} />}
          <DataCheck choices={choices} versions={used} estimate={estimate} />
        </div>
      )}
    </div>
  );
}

function ChosenNotes({ version }: { version: TrainableVersion }) {
  const inherited = inheritLicence([version.license]);
  return (
    <>
      {inherited.ok &&
        inherited.sentences.map((sentence) => (
          <p key={sentence} className="prose-measure text-sm">
            {sentence}
          </p>
        ))}
      {!version.anchored && (
        <p className="prose-measure text-sm">
          You can train on it now. To publish the model, a curator first anchors this version on chain.
        </p>
      )}
    </>
  );
}
