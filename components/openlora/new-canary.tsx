'use client';

import { useState } from 'react';
import { Select } from '#components/ui/select.tsx';
import { CanaryForm, type SetCanary } from './canary-form.tsx';

type Own = { slug: string; name: string; baseModel: string };

/** Chooses which of one's own models shall be relieved; only models on the same base can stand in for each other. */
export function NewCanary({ models, set }: { models: readonly Own[]; set: SetCanary }) {
  const [slug, setSlug] = useState(models[0]!.slug);
  const model = models.find((one) => one.slug === slug) ?? models[0]!;
  const candidates = models.filter((one) => one.slug !== slug && one.baseModel === model.baseModel);
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-2 text-sm">
      <span>Of the questions to</span>
      <Select
        aria-label="Model that is asked"
        value={slug}
        onChange={(event) => setSlug(event.target.value)}
        className="h-8 w-56 text-sm"
      >
        {models.map((one) => (
          <option key={one.slug} value={one.slug}>
            {one.name}
          </option>
        ))}
      </Select>
      {candidates.length === 0 ? (
        <span className="text-muted">none: no other live model of yours is on {model.baseModel}.</span>
      ) : (
        <>
          {candidates.length === 1 ? <span>{candidates[0]!.name} answers</span> : <span>another one answers:</span>}
          <CanaryForm key={slug} model={model} candidates={candidates} percent={0} set={set} />
        </>
      )}
    </div>
  );
}
