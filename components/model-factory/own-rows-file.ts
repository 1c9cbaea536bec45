import { applyMapping, type ColumnMapping, guessMapping } from '#lib/contributions/parse/map-columns.ts';
import { parseFile } from '#lib/contributions/parse/parse-file.ts';
import type { ParsedFile } from '#lib/contributions/parse/types.ts';
import type { CreateDatanetInput } from '#lib/datanets/schema.ts';

/** The two columns that training reads. */
export const ownFields = [
  { name: 'prompt', label: 'Question', maxChars: 4000 },
  { name: 'completion', label: 'Answer', maxChars: 4000 },
];

export type OwnFile = { name: string; parsed: ParsedFile; mapping: ColumnMapping };

/** Reads a file in the browser and guesses which column asks and which answers. Throws a sentence for the person. */
export async function readOwnFile(file: File): Promise<OwnFile> {
  const parsed = parseFile(file.name, new Uint8Array(await file.arrayBuffer()));
  return { name: file.name, parsed, mapping: guessMapping(ownFields, parsed.columns) };
}

/** Rows with the names of the fields, in parts of one call each. */
export function partsOf({ parsed, mapping }: OwnFile, size = 500) {
  const rows = applyMapping(parsed, mapping);
  return Array.from({ length: Math.ceil(rows.length / size) }, (_, i) => rows.slice(i * size, (i + 1) * size));
}

/** Terms of a private Datanet for a file of one's own. */
export function ownTerms(title: string, domain: string, license: CreateDatanetInput['license']): CreateDatanetInput {
  const slug = title
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60)
    .replace(/-+$/, '');
  return {
    ...{ slug, title, license, language: 'en', fields: ownFields },
    domain: domain || 'support',
    summary: `Rows that their owner brought in to train a model: ${title}.`.slice(0, 200),
    description:
      'Brought in from a file by its owner, who alone reads the rows and who accepted them without another’s review.',
    rubric: ['Question and answer belong together.'],
  };
}
