import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { openApiDocument } from './openapi-document.ts';

const root = join(import.meta.dirname, '../..');

it('lists every route of the API once, under the path of its file', () => {
  const text = readFileSync(join(root, 'app/api/v1/openapi.json/_endpoints.ts'), 'utf8');
  const imported = [...text.matchAll(/import \{ (.+) \} from '\.\.\/(.+)\/route\.ts'/g)].flatMap(([, names, folder]) =>
    names!.split(', ').map((name) => {
      const [method, alias] = name.split(' as ');
      return { method: method!.toLowerCase(), alias: alias!, path: `/${folder!.replace(/\[(\w+)\]/g, '{$1}')}` };
    }),
  );
  const files = globSync('app/api/v1/**/route.ts', { cwd: root }).filter((file) => !file.includes('openapi.json'));
  const exported = files.flatMap((file) => {
    const path = file.slice('app/api/v1'.length, -'/route.ts'.length).replace(/\[(\w+)\]/g, '{$1}');
    const methods = readFileSync(join(root, file), 'utf8').matchAll(/export const (GET|POST|PUT|PATCH|DELETE) =/g);
    return [...methods].map(([, method]) => `${method!.toLowerCase()} ${path}`);
  });
  expect(imported.map(({ method, path }) => `${method} ${path}`).sort()).toEqual(exported.sort());
  for (const { method, alias, path } of imported)
    expect(text).toContain(`${method === 'delete' ? 'remove' : method}('${path}', ${alias},`);
});

it('tells of the input what the route takes: path, query, body, key', () => {
  const input = z.object({ slug: z.string(), rows: z.array(z.string()).min(1), accept: z.boolean().default(false) });
  const endpoint = { path: '/datanets/{slug}/x', route: { input, auth: 'account' as const }, summary: 'X' };
  const document = openApiDocument('https://ledger.test', [
    { ...endpoint, method: 'GET' },
    { ...endpoint, method: 'POST' },
  ]);
  const { get, post } = document.paths['/datanets/{slug}/x'] as Record<'get' | 'post', Record<string, unknown>>;
  const slug = { name: 'slug', in: 'path', required: true, schema: { type: 'string' } };
  expect(get.parameters).toEqual([
    slug,
    { name: 'rows', in: 'query', required: true, schema: { type: 'array', minItems: 1, items: { type: 'string' } } },
    { name: 'accept', in: 'query', required: false, schema: { type: 'boolean', default: false } },
  ]);
  expect(post.parameters).toEqual([slug]);
  expect(post.requestBody).toMatchObject({
    content: { 'application/json': { schema: { required: ['rows'], properties: { accept: { type: 'boolean' } } } } },
  });
  expect(post.security).toEqual([{ key: [] }]);
  expect(document.servers).toEqual([{ url: 'https://ledger.test/api/v1' }]);
});
