import { z } from 'zod';
import { isAuthor, parseAuthor } from './author.ts';
import { maxRows } from './limits.ts';
import { exampleStatuses, type ImprovementRole } from './types.ts';

const contentHash = z.string().regex(/^0x[0-9a-f]{64}$/, 'a content hash is 0x and 64 hexadecimal digits');
const ids = (most: number) =>
  z.array(z.string().max(40)).min(1, 'choose at least one row').max(most, `at most ${most} rows`);

/** The preview sends hashes only: no text leaves the browser before the person sends it. */
export const previewContributionSchema = z.object({
  datanetId: z.string().max(80),
  contentHashes: z.array(contentHash).max(5000, 'at most 5000 hashes at once'),
});
export type PreviewContributionInput = z.infer<typeof previewContributionSchema>;

const inputRow = z.object({
  line: z.number().int().min(1),
  data: z.record(z.string().max(64), z.string()),
});

export const submitContributionSchema = z.object({
  datanetId: z.string().max(80),
  /** File name, `form` or `paste`; shown to curators. */
  source: z
    .string()
    .trim()
    .min(1)
    .max(120)
    .regex(/^\P{Cc}*$/u, 'one line'),
  /** Made by the browser with the draft: sending again after a broken connection stores nothing twice. */
  idempotencyKey: z.string().min(8).max(100),
  rows: z
    .array(inputRow)
    .min(1, 'there are 0 rows; add rows and send again')
    .max(maxRows, `one contribution holds at most ${maxRows} rows; split it and send the parts`),
});
export type SubmitContributionInput = z.infer<typeof submitContributionSchema>;

/** Rows of an existing dataset in one call; an import takes as many calls as it needs. */
const importedRowsMax = 500;

export const importRowsSchema = z.object({
  datanetId: z.string().max(80),
  /** Names the dataset: the same rows of the same source are stored once. */
  source: submitContributionSchema.shape.source,
  /** Accept the rows at once, as the curator that one is. */
  accept: z.boolean().default(false),
  rows: z
    .array(
      inputRow.extend({
        authors: z
          .array(
            z
              .string()
              .max(120)
              .refine(isAuthor, 'an address, or a name with the place where it is known: github:alice'),
          )
          .min(1, 'each row names at least one author')
          .max(20, 'at most 20 authors a row')
          .refine((authors) => new Set(authors.map((author) => parseAuthor(author).account)).size === authors.length, {
            error: 'an author is named twice',
            when: ({ issues }) => issues.length === 0,
          }),
      }),
    )
    .min(1, 'there are 0 rows')
    .max(importedRowsMax, `at most ${importedRowsMax} rows at once; send the rest in further calls`),
});
export type ImportRowsInput = z.infer<typeof importRowsSchema>;

export const bringOwnRowsSchema = submitContributionSchema.extend({
  rows: z
    .array(inputRow)
    .min(1, 'there are 0 rows')
    .max(1_000, 'at most 1,000 rows at once; send the rest in further calls'),
});
export type BringOwnRowsInput = z.infer<typeof bringOwnRowsSchema>;

export const reviewExamplesSchema = z
  .object({
    datanetId: z.string().max(80),
    exampleIds: ids(500),
    decision: z.enum(['accept', 'reject']),
    /** Shown to the contributor. Needed to reject. */
    reason: z.string().trim().max(500, 'at most 500 characters').optional(),
  })
  .refine((input) => input.decision === 'accept' || (input.reason?.length ?? 0) >= 3, {
    path: ['reason'],
    error: 'say why, so that the contributor can mend it',
  });
export type ReviewExamplesInput = z.infer<typeof reviewExamplesSchema>;

const improvementRoles = ['clean', 'label', 'translate'] as const satisfies readonly ImprovementRole[];

export const improveExampleSchema = z.object({
  exampleId: z.string().max(40),
  role: z.enum(improvementRoles),
  data: inputRow.shape.data,
  /** For the curator: what was wrong, or from which language into which. */
  note: z.string().trim().min(3, 'say in a few words what you changed').max(500, 'at most 500 characters'),
  /** Made by the browser with the form: sending again stores nothing twice. */
  idempotencyKey: z.string().min(8).max(100),
});
export type ImproveExampleInput = z.infer<typeof improveExampleSchema>;

const reason = z.string().trim().min(3, 'say why in a few words').max(500, 'at most 500 characters');

export const reportExampleSchema = z.object({ exampleId: z.string().max(40), text: reason });
export type ReportExampleInput = z.infer<typeof reportExampleSchema>;

export const decideFlagSchema = z
  .object({
    flagId: z.string().max(40),
    decision: z.enum(['keep', 'withdraw', 'improve']),
    /** With `withdraw`: the rows of the flag that leave the Datanet. */
    exampleIds: z.array(z.string().max(40)).max(100).default([]),
    /** Shown to the contributor and kept with the flag. */
    reason,
  })
  .refine((input) => (input.decision === 'withdraw') === input.exampleIds.length > 0, {
    path: ['exampleIds'],
    error: 'name the rows to take out, and none with the other decisions',
  });
export type DecideFlagInput = z.infer<typeof decideFlagSchema>;

export const withdrawExampleSchema = z.object({ exampleId: z.string().max(40) });
export type WithdrawExampleInput = z.infer<typeof withdrawExampleSchema>;

/** Filters of the row viewer, as they stand in the URL. */
export const listExamplesSchema = z.object({
  status: z.enum(exampleStatuses).default('accepted'),
  contributor: z
    .string()
    .regex(/^0x[0-9a-fA-F]{40}$/, 'an address is 0x and 40 hexadecimal digits')
    .transform((value) => value.toLowerCase())
    .optional(),
  q: z.string().trim().max(200).default(''),
  /** Keeps rows whose field has a length in characters within the range: `prompt:20-80`. */
  length: z
    .string()
    .regex(/^[a-z][a-z0-9_]{0,31}:\d{1,5}-\d{1,5}$/, 'field:least-most, for example prompt:20-80')
    .optional(),
  after: z.string().max(40).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(100),
});
export type ListExamplesInput = z.infer<typeof listExamplesSchema>;
