import { z } from 'zod';
import type { Auth } from './define-route.ts';

export type Method = 'GET' | 'POST' | 'DELETE';
export type Endpoint = {
  /** With parameters in braces: `/datanets/{slug}`. */
  path: string;
  method: Method;
  route: { input: z.ZodType; auth: Auth };
  summary: string;
  /** Media type of the answer, where it is not JSON. */
  answers?: string;
};

type JsonSchema = { properties?: Record<string, unknown>; required?: string[] } & Record<string, unknown>;

/**
 * The API as OpenAPI 3.1, from the very schemas that the routes parse their input with, so that it cannot tell of another input. What
 * is answered is described in words (docs/api.md).
 */
export function openApiDocument(appUrl: string, endpoints: readonly Endpoint[]) {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const endpoint of endpoints) {
    paths[endpoint.path] = { ...paths[endpoint.path], [endpoint.method.toLowerCase()]: operationOf(endpoint) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'OpenLedger',
      version: '1',
      description:
        'OpenAI-compatible answers with receipts, Datanets, and everything that a stranger needs to recompute a receipt.',
    },
    servers: [{ url: `${appUrl}/api/v1` }],
    components: {
      securitySchemes: {
        key: { type: 'http', scheme: 'bearer', description: 'An API key, made on the page “API keys”.' },
      },
      schemas: { Error: errorSchema },
    },
    paths,
  };
}

function operationOf({ path, method, route, summary, answers = 'application/json' }: Endpoint) {
  const schema = z.toJSONSchema(route.input, {
    io: 'input',
    unrepresentable: 'any',
    target: 'draft-2020-12',
  }) as JsonSchema;
  const { $schema: _, ...input } = schema;
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!);
  const rest = Object.keys(input.properties ?? {}).filter((name) => !inPath.includes(name));
  const required = new Set(input.required ?? []);
  const parameter = (name: string, place: 'path' | 'query') => ({
    ...{ name, in: place, required: place === 'path' || required.has(name) },
    schema: input.properties?.[name] ?? { type: 'string' },
  });
  return {
    summary,
    ...(route.auth === 'account' && { security: [{ key: [] }] }),
    ...(route.auth === 'visitor' && { security: [{}, { key: [] }] }),
    parameters: [
      ...inPath.map((name) => parameter(name, 'path')),
      ...(method === 'GET' ? rest.map((name) => parameter(name, 'query')) : []),
    ],
    ...(method === 'POST' && { requestBody: { content: { 'application/json': { schema: bodyOf(input, inPath) } } } }),
    responses: {
      200: { description: summary, content: { [answers]: {} } },
      default: { description: 'What went wrong and what to do', content: { 'application/json': { schema: errorRef } } },
    },
  };
}

/** The input without what stands in the path. A schema with choices is given whole. */
function bodyOf(input: JsonSchema, inPath: readonly string[]): JsonSchema {
  if (!input.properties) return input;
  const properties = Object.fromEntries(Object.entries(input.properties).filter(([name]) => !inPath.includes(name)));
  return { ...input, properties, required: (input.required ?? []).filter((name) => !inPath.includes(name)) };
}

const errorRef = { $ref: '#/components/schemas/Error' };
const errorSchema = {
  type: 'object',
  properties: {
    error: {
      type: 'object',
      properties: {
        message: { type: 'string' },
        type: { type: 'string' },
        code: { type: 'string', description: 'Stable; docs/errors.md lists all' },
        param: { type: ['string', 'null'] },
        request_id: { type: 'string' },
      },
      required: ['message', 'type', 'code'],
    },
  },
  required: ['error'],
};
