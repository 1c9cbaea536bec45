import { z } from 'zod';
import { datanetSorts } from './types.ts';

/** Domains that have a template and a facet; a Datanet may name another one. */
export const datanetDomains = [
  'cybersecurity',
  'law',
  'medicine',
  'defi',
  'regional-language',
  'support',
  'finance',
] as const;

/** Licences offered in the form, as SPDX identifiers. */
export const datanetLicenses = ['CC-BY-4.0', 'CC-BY-SA-4.0', 'CC0-1.0', 'ODC-By-1.0'] as const;

export const slugSchema = z
  .string()
  .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, 'small letters, digits and single hyphens, for example defi-risk')
  .min(3, 'at least 3 characters')
  .max(60, 'at most 60 characters')
  .refine((slug) => slug !== 'new', 'this name is taken by the page that creates Datanets');

export const addressSchema = z
  .string()
  .trim()
  .regex(/^0x[0-9a-fA-F]{40}$/, 'an address is 0x and 40 hexadecimal digits')
  .transform((value) => value.toLowerCase() as `0x${string}`);

const oneLine = (least: number, most: number) =>
  z
    .string()
    .trim()
    .min(least, `at least ${least} characters`)
    .max(most, `at most ${most} characters`)
    .regex(/^\P{Cc}*$/u, 'one line without control characters');

const datanetFieldSchema = z.object({
  name: z.string().regex(/^[a-z][a-z0-9_]{0,31}$/, 'small letters, digits and underscores, starting with a letter'),
  label: oneLine(1, 80),
  maxChars: z.number().int('a whole number').min(1, 'at least 1').max(8000, 'at most 8000'),
});

export const createDatanetSchema = z.object({
  slug: slugSchema,
  title: oneLine(3, 80),
  domain: z
    .string()
    .regex(/^[a-z]+(?:-[a-z]+)*$/, 'small letters and hyphens')
    .max(40, 'at most 40 characters'),
  language: z.string().regex(/^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$/, 'a BCP 47 tag, for example en or pt-BR'),
  summary: oneLine(10, 200),
  description: z.string().trim().min(20, 'at least 20 characters').max(8000, 'at most 8000 characters'),
  rubric: z.array(oneLine(3, 200)).min(1, 'at least one rule').max(20, 'at most 20 rules'),
  // Training reads these two fields (chat template); a later release may free the schema.
  fields: z
    .array(datanetFieldSchema)
    .refine(
      (fields) => fields.length === 2 && fields[0]?.name === 'prompt' && fields[1]?.name === 'completion',
      'the fields are prompt and completion, in this order',
    ),
  license: z.enum(datanetLicenses, { error: `one of ${datanetLicenses.join(', ')}` }),
});
export type CreateDatanetInput = z.infer<typeof createDatanetSchema>;

export const setDatanetRoleSchema = z.object({
  datanetId: z.string(),
  address: addressSchema,
  role: z.enum(['curator', 'validator']),
  granted: z.boolean(),
});
export type SetDatanetRoleInput = z.infer<typeof setDatanetRoleSchema>;

export const freezeVersionSchema = z.object({ datanetId: z.string() });
export type FreezeVersionInput = z.infer<typeof freezeVersionSchema>;

export const approveVersionSchema = z.object({
  versionId: z.string().max(80),
  signature: z
    .string()
    .regex(/^0x(?:[0-9a-fA-F]{2}){64,2048}$/, 'a signature')
    .transform((value) => value as `0x${string}`),
});
export type ApproveVersionInput = z.infer<typeof approveVersionSchema>;

/** Filters of the list of Datanets, as they stand in the URL. */
export const listDatanetsSchema = z.object({
  q: z.string().trim().max(200).default(''),
  domain: z.string().max(40).optional(),
  language: z.string().max(40).optional(),
  license: z.string().max(60).optional(),
  access: z.enum(['public', 'gated', 'encrypted', 'compute']).optional(),
  size: z.enum(['empty', 'to-100', 'to-10k', 'to-1m', 'over-1m']).optional(),
  state: z.enum(['growing', 'frozen', 'trained']).optional(),
  sort: z.enum(datanetSorts).default('newest'),
  after: z.string().max(400).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(50),
});
export type ListDatanetsInput = z.infer<typeof listDatanetsSchema>;
