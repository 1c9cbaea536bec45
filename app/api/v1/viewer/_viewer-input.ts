import { z } from 'zod';
import { viewerConfig, viewerPageMax, viewerSplit } from '#lib/dataset-viewer/types.ts';

/** What every call names: the Datanet's slug or id, and a version's number (the newest without it). */
export const viewerInput = z.object({
  dataset: z.string({ error: 'name a Datanet by its slug or id' }).min(1).max(80),
  revision: z.coerce.number().int().min(1).max(1_000_000).optional(),
  config: z.literal(viewerConfig, { error: `a version has one configuration: ${viewerConfig}` }).default(viewerConfig),
  split: z.literal(viewerSplit, { error: `a version has one split: ${viewerSplit}` }).default(viewerSplit),
});

/** `offset` and `length` of a page. */
export const viewerPlaceInput = viewerInput.extend({
  offset: z.coerce.number().int().min(0).max(100_000_000).default(0),
  length: z.coerce
    .number()
    .int()
    .min(1)
    .max(viewerPageMax, { error: `at most ${viewerPageMax} rows at a time` })
    .default(viewerPageMax),
});

export const viewerLimit = { name: 'viewer', max: 300, windowSeconds: 60 };

/** How every file and number of the Hub's answers is placed. */
export const placeOf = (slug: string) => ({ dataset: slug, config: viewerConfig, split: viewerSplit });
