import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Deps } from '#lib/platform/deps.ts';
import { assertOperator, OperatorOnlyError } from './assert-operator.ts';
import { clientAddress, isDirectFromLoopback, peerHeader } from './client-address.ts';
import { recordPeerAddress } from './record-peer-address.ts';

const headersOf = (peer: string | null, forwarded?: string) =>
  new Headers({ ...(peer ? { [peerHeader()]: peer } : {}), ...(forwarded ? { 'x-forwarded-for': forwarded } : {}) });

describe('clientAddress', () => {
  it.each<[string, number, string | undefined, string]>([
    ['no proxy: what the caller wrote does not count', 0, '1.1.1.1', '198.51.100.2'],
    ['one proxy: its entry counts, not what the caller wrote before it', 1, '9.9.9.9, 203.0.113.7', '203.0.113.7'],
    ['two proxies: the entry of the outer one', 2, '9.9.9.9, 203.0.113.7, 192.0.2.1', '203.0.113.7'],
    ['fewer entries than proxies: the first', 2, '203.0.113.7', '203.0.113.7'],
    ['a proxy that sends no entry: the proxy itself', 1, undefined, '198.51.100.2'],
  ])('%s', (_, hops, forwarded, expected) => {
    expect(clientAddress(headersOf('198.51.100.2', forwarded), hops)).toBe(expected);
  });
  it.each([
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['2001:db8:1:2:aaaa::1', '2001:db8:1:2::/64'],
    ['2001:0db8:1:2:ffff:ffff:ffff:ffff', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
  ])('reads %s as %s', (peer, expected) => {
    expect(clientAddress(headersOf(peer), 0)).toBe(expected);
  });
  it('believes no header at all where the socket was not recorded', () => {
    expect(clientAddress(headersOf(null, '203.0.113.7'), 1)).toBe('unknown');
  });
});

describe('isDirectFromLoopback', () => {
  it.each<[string | null, string | undefined, boolean]>([
    ['127.0.0.1', undefined, true],
    ['::ffff:127.0.0.1', '::ffff:127.0.0.1', true],
    ['::1', undefined, true],
    ['127.0.0.1', '203.0.113.7', false], // a proxy on this machine
    ['203.0.113.7', '127.0.0.1', false],
    ['203.0.113.7', '203.0.113.7', false],
    [null, undefined, false],
  ])('peer %s, forwarded %s: %s', (peer, forwarded, expected) => {
    expect(isDirectFromLoopback(headersOf(peer, forwarded))).toBe(expected);
  });
});

describe('assertOperator', () => {
  const operator = (METRICS_TOKEN: string | undefined) => ({ env: { METRICS_TOKEN } as Deps['env'] });
  const local = headersOf('127.0.0.1');
  const token = 't'.repeat(32);
  it('asks for the token where one is set, also from this machine', () => {
    const withToken = new Headers({ ...Object.fromEntries(local), authorization: `Bearer ${token}` });
    expect(() => assertOperator(operator(token), withToken)).not.toThrow();
    expect(() => assertOperator(operator(token), local)).toThrow(OperatorOnlyError);
    expect(() => assertOperator(operator('u'.repeat(32)), withToken)).toThrow(OperatorOnlyError);
  });
  it('lets this machine alone where none is set', () => {
    expect(() => assertOperator(operator(undefined), local)).not.toThrow();
    expect(() => assertOperator(operator(undefined), headersOf('203.0.113.7'))).toThrow(OperatorOnlyError);
    expect(() => assertOperator(operator(undefined), headersOf('127.0.0.1', '203.0.113.7'))).toThrow(OperatorOnlyError);
  });
});

describe('recordPeerAddress', () => {
  let server: Server;
  beforeAll(async () => {
    recordPeerAddress();
    server = createServer((request, response) => response.end(JSON.stringify(request.headers)));
    await once(server.listen(0, '127.0.0.1'), 'listening');
  });
  afterAll(() => server.close());

  it('writes the address of the socket, over what a client that knew the name would send', async () => {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const forged = { [peerHeader()]: '203.0.113.7', 'x-forwarded-for': '203.0.113.7' };
    const seen = (await (await fetch(url, { headers: forged })).json()) as Record<string, string>;
    expect(seen[peerHeader()]).toBe('127.0.0.1');
    expect(clientAddress(new Headers(seen), 0)).toBe('127.0.0.1');
  });
});
