import { createServer, get, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { serveVisitorPages } from './serve-visitor-pages.ts';
import { VisitorPageCache } from './visitor-page-cache.ts';

let nowMs = 0;
let renders = 0;
let stored = 'first';
let base = '';
const taken: (() => unknown)[] = [];

/** A site of one page that shows what is stored, with a nonce in policy, markup and script as Next writes them. */
beforeEach(async () => {
  [nowMs, renders, stored] = [0, 0, 'first'];
  taken.push(serveVisitorPages(new VisitorPageCache(() => nowMs)));
  const server = createServer((request, response) => {
    if (request.method === 'POST') {
      stored = 'second';
      return response.end('written');
    }
    renders++;
    const nonce = `nonce-of-render-${renders}`.padEnd(24, '=');
    response.setHeader('content-security-policy', `script-src 'nonce-${nonce}' 'strict-dynamic'`);
    response.setHeader('content-type', request.headers.rsc ? 'text/x-component' : 'text/html; charset=utf-8');
    response.statusCode = request.url === '/models/none' ? 404 : 200;
    response.write(`<script nonce="${nonce}" src="/a.js"></script><p>${stored} ${'grüße '.repeat(200)}</p>`);
    response.end(`<script nonce="${nonce}">1</script><p>render ${renders}</p>`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  taken.push(() => server.close());
});
afterEach(() => {
  for (const undo of taken.splice(0)) undo();
});

type Answer = { headers: IncomingHttpHeaders; text: string; wire: number };

function read(path: string, headers: Record<string, string> = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    get(`${base}${path}`, { headers }, async (response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of response) chunks.push(chunk as Buffer);
      const body = Buffer.concat(chunks);
      const plain = response.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
      resolve({ headers: response.headers, text: plain.toString(), wire: body.length });
    }).on('error', reject);
  });
}

const gzip = { 'accept-encoding': 'gzip, br' };
const nonceOf = ({ headers }: Answer) => /'nonce-([^']+)'/.exec(String(headers['content-security-policy']))![1]!;

test('the second visitor gets the page that was made for the first, packed, with a nonce that nobody had', async () => {
  const first = await read('/datanets', gzip);
  const answers = [
    await read('/datanets', gzip),
    await read('/datanets', { ...gzip, cookie: 'theme=dark' }),
    await read('/datanets'),
  ];
  expect(renders).toBe(1);
  for (const answer of answers) {
    const nonce = nonceOf(answer);
    expect(answer.headers['x-page-cache']).toBe('hit');
    expect(answer.text).toBe(first.text.replaceAll(nonceOf(first), nonce));
    expect(answer.text.split(nonce)).toHaveLength(3);
  }
  expect(new Set([first, ...answers].map(nonceOf)).size).toBe(4);
  expect(answers[0]!.wire).toBeLessThan(first.wire / 2);
});

test('a write is visible to the next visitor at once', async () => {
  await read('/datanets');
  expect((await read('/datanets')).text).toContain('first');
  await fetch(`${base}/datanets`, { method: 'POST' });
  expect((await read('/datanets')).text).toContain('second');
});

test('a page is made anew after 3 s by one request; the others get the old one meanwhile, for 10 s at most', async () => {
  const cache = new VisitorPageCache(() => nowMs);
  const page = { bytes: 10 } as never;
  cache.put('a', page, cache.writes);
  nowMs = 2_999;
  expect(cache.take('a')).toBe(page);
  nowMs = 3_001;
  expect([cache.take('a'), cache.take('a'), cache.take('a')]).toEqual([null, page, page]);
  nowMs = 10_001;
  expect(cache.take('a')).toBeNull();
});

test('what was read before a write is not kept after it', () => {
  const cache = new VisitorPageCache(() => nowMs);
  const writes = cache.writes;
  cache.clear();
  cache.put('a', { bytes: 10 } as never, writes);
  expect(cache.take('a')).toBeNull();
});

test('nothing that may be somebody’s own is kept: session, key, attack run, settings; nor what failed', async () => {
  const cases: [string, Record<string, string>][] = [
    ['/datanets', { cookie: 'openledger=abc' }],
    ['/datanets', { cookie: 'a=b; __Host-openledger=abc' }],
    ['/datanets', { authorization: 'Bearer k' }],
    ['/gaming/atk_1', {}],
    ['/keys', {}],
    ['/datanetsx', {}],
    ['/models/none', {}],
  ];
  for (const [path, headers] of cases) {
    const before = renders;
    await read(path, headers);
    await read(path, headers);
    expect(renders - before, JSON.stringify([path, headers])).toBe(2);
  }
});

test('answers to the router’s own requests are kept apart from pages and from each other', async () => {
  const html = await read('/datanets');
  const rsc = await read('/datanets', { rsc: '1' });
  const other = await read('/datanets', { rsc: '1', 'next-router-state-tree': 'x' });
  expect([html, rsc, other].map(({ headers }) => headers['x-page-cache'])).toEqual([undefined, undefined, undefined]);
  expect((await read('/datanets', { rsc: '1' })).headers['content-type']).toBe('text/x-component');
});
