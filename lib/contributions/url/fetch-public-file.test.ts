import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type FetchRules, fetchPublicFile, publicRules } from './fetch-public-file.ts';
import { isPublicAddress } from './is-public-address.ts';

/** Stands for what must not be reached: anything on this machine. */
let canary: Server;
let port: number;
let hits: string[] = [];

beforeAll(async () => {
  canary = createServer((request, response) => {
    hits.push(request.url!);
    const path = request.url!;
    if (path.startsWith('/to?')) return response.writeHead(302, { location: decodeURIComponent(path.slice(4)) }).end();
    if (path === '/loop') return response.writeHead(302, { location: '/loop' }).end();
    if (path === '/big') return response.end(Buffer.alloc(300_000, 'x'));
    if (path === '/packed')
      return response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(9e6)));
    if (path === '/page') return response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end('<p>');
    if (path === '/noai') return response.writeHead(200, { 'x-robots-tag': 'noindex, noai' }).end('x');
    if (path === '/reserved') return response.writeHead(200, { 'tdm-reservation': '1' }).end('x');
    if (path === '/missing') return response.writeHead(404).end();
    if (path === '/slow') return void response.write('a'); // and never ends
    if (path === '/short')
      return void response.writeHead(200, { 'content-length': '99' }).write('a', () => response.destroy());
    response.end(JSON.stringify({ path, host: request.headers.host, cookie: request.headers.cookie ?? null }));
  });
  await new Promise<void>((ready) => canary.listen(0, '127.0.0.1', ready));
  port = (canary.address() as AddressInfo).port;
});
afterAll(() => {
  canary.closeAllConnections();
  canary.close();
});
beforeEach(() => {
  hits = [];
});

/** As in production but for the port, so that nothing but the address can save the canary. */
const strict = (change: Partial<FetchRules> = {}): FetchRules => ({
  ...publicRules,
  ports: [port, 80, 443],
  timeoutMs: 2_000,
  ...change,
});
/** The test server counts as public under this name. */
const open = (change: Partial<FetchRules> = {}): FetchRules =>
  strict({ resolve: async () => ['127.0.0.1'], isAllowed: (address) => address === '127.0.0.1', ...change });
const at = (path: string) => `http://data.example:${port}${path}`;

describe('isPublicAddress', () => {
  it.each([
    ...[
      '0.0.0.0',
      '10.1.2.3',
      '100.64.0.1',
      '127.0.0.1',
      '127.9.9.9',
      '169.254.169.254',
      '172.16.0.1',
      '172.31.255.255',
    ],
    ...[
      '192.0.0.8',
      '192.0.2.1',
      '192.168.1.1',
      '198.18.0.1',
      '203.0.113.9',
      '224.0.0.1',
      '240.0.0.1',
      '255.255.255.255',
    ],
    ...[
      '::',
      '::1',
      '::ffff:127.0.0.1',
      '::ffff:8.8.8.8',
      '64:ff9b::7f00:1',
      'fc00::1',
      'fd12::1',
      'fe80::1',
      'ff02::1',
    ],
    ...['2001::1', '2001:db8::1', '2002:7f00:1::', '3fff::1', 'localhost', ''],
  ])('%s is not', (address) => expect(isPublicAddress(address)).toBe(false));

  it.each(['1.1.1.1', '8.8.8.8', '100.63.0.1', '172.32.0.1', '193.0.0.1', '2606:4700::1111', '2a00:1450::1'])(
    '%s is',
    (address) => expect(isPublicAddress(address)).toBe(true),
  );
});

describe('fetchPublicFile', () => {
  it.each([
    ...[
      '127.0.0.1',
      '127.1',
      '2130706433',
      '0x7f000001',
      '0177.0.0.1',
      '017700000001',
      '0x7f.1',
      '0',
      '0.0.0.0',
      '127.0.0.1.',
    ],
    ...[
      '[::1]',
      '[::]',
      '[::ffff:127.0.0.1]',
      '[::ffff:7f00:1]',
      '[0:0:0:0:0:0:0:1]',
      '[64:ff9b::7f00:1]',
      '[2002:7f00:1::]',
    ],
    ...[
      'localhost',
      'LOCALHOST',
      '１２７.０.０.１',
      '127。0。0。1',
      '169.254.169.254',
      '10.0.0.1',
      '192.168.0.1',
      '[fd00::1]',
    ],
  ])('does not reach this machine as %s', async (host) => {
    await expect(fetchPublicFile(`http://${host}:${port}/`, strict())).rejects.toMatchObject({
      code: expect.stringMatching(/^url_(refused|unreachable)$/),
    });
    expect(hits).toEqual([]);
  });

  it.each([
    ...[
      'file:///etc/passwd',
      'ftp://data.example/x',
      'gopher://127.0.0.1/',
      'data:text/csv,a',
      'javascript:1',
      '//x',
      'x',
      '',
    ],
    ...['http://user:secret@data.example/', 'http://data.example:22/', 'http://data.example:6379/'],
  ])('does not take %j', async (url) => {
    await expect(fetchPublicFile(url, open())).rejects.toMatchObject({ code: 'url_refused' });
    expect(hits).toEqual([]);
  });

  it('refuses a name of which one address is private, whichever it is', async () => {
    for (const found of [['127.0.0.1'], ['8.8.8.8', '127.0.0.1'], ['127.0.0.1', '8.8.8.8'], ['::1'], []]) {
      const rules = strict({ resolve: async () => found });
      await expect(fetchPublicFile(at('/'), rules)).rejects.toMatchObject({ code: 'url_refused' });
    }
    expect(hits).toEqual([]);
  });

  it('connects to the address that it looked at: a name that changes meanwhile changes nothing', async () => {
    let asked = 0;
    // First the test server, under an address that is allowed; then, when somebody asks again, what must not be reached.
    const resolve = async () => (asked++ === 0 ? ['127.0.0.1'] : ['127.0.0.2']);
    const file = await fetchPublicFile(at('/rows.csv'), open({ resolve }));
    expect(asked).toBe(1);
    expect(JSON.parse(new TextDecoder().decode(file.bytes))).toMatchObject({ host: `data.example:${port}` });
    await expect(fetchPublicFile(at('/rows.csv'), open({ resolve }))).rejects.toMatchObject({ code: 'url_refused' });
  });

  it.each([
    ...[
      'http://127.0.0.2:80/',
      'http://169.254.169.254/latest/',
      'http://[::1]/',
      'file:///etc/passwd',
      'http://data.example:22/',
    ],
  ])('looks at each redirect again: not to %s', async (target) => {
    const rules = open({ resolve: async () => ['127.0.0.1'] });
    const link = at(`/to?${encodeURIComponent(target)}`);
    await expect(fetchPublicFile(link, rules)).rejects.toMatchObject({ code: 'url_refused' });
    expect(hits).toHaveLength(1);
  });

  it('follows three redirects and no more', async () => {
    const to = (url: string) => `/to?${encodeURIComponent(url)}`;
    const file = await fetchPublicFile(at(to(at(to(at(to('/a%20b.csv')))))), open());
    expect(file).toMatchObject({ name: 'a b.csv', url: at('/a%20b.csv') });
    hits = [];
    await expect(fetchPublicFile(at('/loop'), open())).rejects.toMatchObject({ code: 'url_refused' });
    expect(hits).toHaveLength(4);
  });

  it.each([
    ['more bytes than the limit', '/big', 'url_refused'],
    ['a packed body, which may be a bomb', '/packed', 'url_refused'],
    ['a web page', '/page', 'url_refused'],
    ['a file that is not for training', '/noai', 'url_refused'],
    ['a file with a reservation', '/reserved', 'url_refused'],
    ['what is not there', '/missing', 'url_unreachable'],
    ['an answer without end', '/slow', 'url_unreachable'],
    ['an answer that breaks off', '/short', 'url_unreachable'],
  ])('does not take %s', async (_, path, code) => {
    await expect(fetchPublicFile(at(path), open({ maxBytes: 200_000, timeoutMs: 500 }))).rejects.toMatchObject({
      code,
    });
  });
});
