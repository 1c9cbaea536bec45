'use client';

import dynamic from 'next/dynamic';
import { useState } from 'react';
import { Button } from '#components/ui/button.tsx';
import { Status } from '#components/ui/status.tsx';
import type { TrainableVersion } from '#lib/model-factory/types.ts';
import { DataCheck } from './data-check.tsx';
import { domainTitle } from './domain-title.ts';
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
  const { choices, change } = wizard;
  const [older, setOlder] = useState(false);
  const fits = options.versions.filter(({ datanet }) => !choices.domain || datanet.domain === choices.domain);
  const hasOther = fits.length < options.versions.length;
  const newest = new Map<string, string>();
  for (const version of fits) if (!newest.has(version.datanet.id)) newest.set(version.datanet.id, version.id);
  const isNewest = (version: TrainableVersion) => newest.get(version.datanet.id) === version.id;
  const shown = fits.filter((version) => older || isNewest(version) || version.id === choices.version);
  const chosen = options.versions.find((version) => version.id === choices.version);
  return (
    <div className="flex flex-col items-start gap-4">
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
      <details
        open={wizard.own !== '' || options.versions.length === 0}
        className="w-full border-t border-hairline pt-4"
      >
        <summary className="cursor-pointer text-sm text-muted hover:text-ink">Bring in a file of your own</summary>
        <div className="mt-4 text-sm">
          <OwnRows wizard={wizard} actions={own} />
        </div>
      </details>
      {chosen && (
        <div className="flex w-full flex-col gap-2 text-sm text-muted">
          <p className="prose-measure text-sm">{licenceNote(chosen.license)}</p>
          {!chosen.anchored && (
            <p className="prose-measure text-sm">
              You can train on it now. To publish the model, a curator first anchors this version on chain.
            </p>
          )}
          <DataCheck choices={choices} columns={chosen.fields} estimate={estimate} />
        </div>
      )}
    </div>
  );
}

/** What the licence asks of a model trained on the rows. */
export function licenceNote(license: string): string {
  if (license === 'CC0-1.0') return 'CC0-1.0: the rows are free for any use. Contributors are still named and paid.';
  if (license === 'CC-BY-SA-4.0')
    return 'CC-BY-SA-4.0: contributors are named on each receipt, and what is adapted from the rows stays under the same licence.';
  if (license.startsWith('CC-BY-') && !/NC|ND/.test(license))
    return `${license}: contributors must be named. Each receipt names them, so a published model fulfils it.`;
  if (license.startsWith('ODC-By'))
    return `${license}: the Datanet must be named. The model’s page and each receipt do.`;
  return `${license}: read it before you publish; it may forbid a paid model.`;
}
