import { z } from 'zod';
import { mixPartsMax, tenthsRange } from '#lib/kernel/mix-weights.ts';

const { least, most } = tenthsRange;

const chosenPartSchema = z.object({
  versionId: z.string().regex(/^dv_/, 'choose a Datanet version'),
  tenths: z.number().int().min(least, 'a weight is 0.1 or more').max(most, 'a weight is 10 or less'),
});

/** The parts of a mix: at least two, else it is no mix. */
export const mixPartsSchema = z
  .array(chosenPartSchema)
  .min(2)
  .max(mixPartsMax, `a mix has ${mixPartsMax} parts at most`);
