import { expect, it } from 'vitest';
import { z } from 'zod';
import { judgeRows } from '#lib/contributions/parse/judge-rows.ts';
import { rowJsonSchema } from './row-json-schema.ts';

const fields = [
  { name: 'prompt', label: 'Question', maxChars: 10 },
  { name: 'completion', label: 'Answer', maxChars: 20 },
];

it.each([
  [{ prompt: 'Why?', completion: 'So.' }],
  [{ prompt: 'Why?', completion: 'So.', source: 'me' }],
  [{ prompt: 'x'.repeat(10), completion: 'x' }],
  [{ prompt: 'x'.repeat(11), completion: 'x' }],
  [{ prompt: '   ', completion: 'x' }],
  [{ prompt: '', completion: 'x' }],
  [{ completion: 'x' }],
  [{ prompt: 'Why?', completion: 'x'.repeat(21) }],
])('the schema takes what the check takes: %j', (data) => {
  const schema = z.fromJSONSchema(rowJsonSchema({ title: 'Tests', fields }) as Parameters<typeof z.fromJSONSchema>[0]);
  const [verdict] = judgeRows(fields, [{ line: 1, data: data as Record<string, string> }], new Map());
  expect(schema.safeParse(data).success).toBe(verdict!.kind === 'new');
});
