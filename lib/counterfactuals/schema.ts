import { z } from 'zod';

const ids = z.array(z.string().max(80)).max(50, 'at most 50 at once').default([]);

/** Sources that an answer is to be asked again without. */
export const leftOutSchema = z
  .object({
    rows: ids,
    contributors: z
      .array(z.string().regex(/^0x[0-9a-f]{40}$/, 'an account is 0x and 40 lower-case hexadecimal digits'))
      .max(50, 'at most 50 at once')
      .default([]),
    all: z.boolean().default(false),
  })
  .refine(
    ({ rows, contributors, all }) => all || rows.length + contributors.length > 0,
    'leave at least one source out',
  )
  .transform(({ rows, contributors, all }) =>
    all
      ? { rows: [], contributors: [], all }
      : { rows: [...new Set(rows)].sort(), contributors: [...new Set(contributors)].sort(), all },
  );
