import type { DatanetField } from './types.ts';

/** What a row of a Datanet looks like, as JSON Schema 2020-12; tools check files with it before they send them. */
export function rowJsonSchema(datanet: { title: string; fields: readonly DatanetField[] }): Record<string, unknown> {
  const { title, fields } = datanet;
  const properties = fields.map(({ name, label, maxChars }): [string, object] => [
    name,
    // JSON Schema counts characters (RFC 8259), as we do; a row of white space alone is refused as empty.
    { type: 'string', title: label, minLength: 1, maxLength: maxChars, pattern: '\\S' },
  ]);
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    ...{ title: `A row of ${title}`, type: 'object' },
    properties: Object.fromEntries(properties),
    required: fields.map(({ name }) => name),
    additionalProperties: true, // further columns are left out when rows are stored
  };
}
