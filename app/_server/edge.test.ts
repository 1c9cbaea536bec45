import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { BaseError } from '#lib/kernel/base-error.ts';
import type { Deps } from '#lib/platform/deps.ts';
import { callerKey } from './caller.ts';
import { checkOrigin } from './check-origin.ts';
import { peerHeader } from './client-address.ts';
import { httpStatus, openAiErrorType } from './http-status.ts';
import { jsonResponse } from './json-response.ts';
import { parseInput } from './parse-input.ts';
import { readInput } from './read-input.ts';
import { toBaseError } from './to-base-error.ts';

const deps = {
  env: { APP_URL: 'https://openledger.example/', SESSION_SECRET: 's'.repeat(32), TRUSTED_PROXY_HOPS: 0 } as Deps['env'],
};
const post = (body: string, url = 'https://openledger.example/api?a=1&b=2') =>
  new Request(url, { method: 'POST', body });

describe('checkOrigin', () => {
  it('lets our own pages write', () => {
    expect(() => checkOrigin(deps, new Headers({ origin: 'https://openledger.example' }))).not.toThrow();
  });
  it.each([
    null,
    'null',
    'https://evil.example',
    'http://openledger.example',
    'https://sub.openledger.example',
    'https://openledger.example.evil.example',
  ])('refuses origin %j', (origin) => {
    const headers = new Headers(origin === null ? {} : { origin, host: 'openledger.example' });
    expect(() => checkOrigin(deps, headers)).toThrow(/only from https:\/\/openledger\.example/);
  });
});

describe('readInput', () => {
  it('joins query, path and body, the body last', async () => {
    expect(await readInput(post('{"b": 3, "c": 4}'), { slug: 'x' }, 100)).toEqual({ a: '1', slug: 'x', b: 3, c: 4 });
  });
  it.each(['[1]', '"text"', 'null', '{"a":'])('refuses %s with a sentence', async (body) => {
    await expect(readInput(post(body), {}, 100)).rejects.toMatchObject({ code: 'invalid_input' });
  });
  it('stops reading at the limit, also when the length is not announced', async () => {
    let pulled = 0;
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        pulled += 1;
        controller.enqueue(new Uint8Array(1000));
      },
    });
    const request = new Request('https://openledger.example/', { method: 'POST', body, duplex: 'half' } as RequestInit);
    await expect(readInput(request, {}, 5_000)).rejects.toMatchObject({ code: 'payload_too_large' });
    expect(pulled).toBeLessThan(12);
  });
});

describe('parseInput', () => {
  it('names each wrong field by its path', () => {
    const schema = z.object({ rows: z.array(z.object({ text: z.string().min(2, 'too short') })) });
    const parse = () => parseInput(schema, { rows: [{ text: 'ok' }, { text: 'x' }] });
    expect(parse).toThrow('rows.1.text: too short');
  });
  it('names each field that a strict schema does not know', () => {
    const schema = z.strictObject({ inner: z.strictObject({}).optional() });
    const parse = () => parseInput(schema, { tools: [], user: 'x', inner: { name: 1 } });
    expect(parse).toThrow(
      expect.objectContaining({
        fieldErrors: { tools: expect.any(String), user: expect.any(String), 'inner.name': expect.any(String) },
      }),
    );
  });
});

describe('toBaseError', () => {
  class Known extends BaseError {
    readonly code = 'known';
    readonly category = 'conflict';
  }
  it('keeps our errors, also when a driver wrapped them', () => {
    const known = new Known('sentence');
    expect(toBaseError(known)).toBe(known);
    expect(toBaseError(new Error('Failed query', { cause: known }))).toBe(known);
  });
  it.each(['ECONNREFUSED', '57P01', '08006', '53300'])('reads %s as a database that is away', (code) => {
    const error = new Error('Failed query', { cause: Object.assign(new Error('driver text'), { code }) });
    expect(toBaseError(error)).toMatchObject({ code: 'database_unavailable', category: 'unavailable' });
  });
  it('tells nothing of an unexpected error', () => {
    const secret = new Error('password is hunter2');
    expect(toBaseError(secret)).toMatchObject({ code: 'internal', cause: secret });
    expect(toBaseError(secret).message).not.toContain('hunter2');
    expect(toBaseError('text')).toMatchObject({ code: 'internal' });
  });
});

describe('answers', () => {
  it('carry bigints as exact text', async () => {
    expect(await jsonResponse({ wei: 2n ** 90n }).text()).toBe('{"wei":"1237940039285380274899124224"}');
  });
  it('have a status and an OpenAI type for the same categories', () => {
    expect(Object.keys(openAiErrorType).sort()).toEqual(Object.keys(httpStatus).sort());
  });
});

describe('callerKey', () => {
  it('is the account, or a hash that does not show the network address', () => {
    const headers = new Headers({ [peerHeader()]: '203.0.113.7' });
    expect(callerKey(deps, { kind: 'account', address: '0xab' }, headers)).toBe('0xab');
    const visitor = callerKey(deps, { kind: 'visitor' }, headers);
    expect(visitor).toMatch(/^visitor:[0-9a-f]{32}$/);
    expect(callerKey(deps, { kind: 'visitor' }, headers)).toBe(visitor);
    expect(callerKey(deps, { kind: 'visitor' }, new Headers({ [peerHeader()]: '203.0.113.8' }))).not.toBe(visitor);
  });
  it('does not change when the caller writes another x-forwarded-for', () => {
    const of = (forwarded: string) =>
      callerKey(
        deps,
        { kind: 'visitor' },
        new Headers({ [peerHeader()]: '203.0.113.7', 'x-forwarded-for': forwarded }),
      );
    expect(of('1.1.1.1')).toBe(of('9.9.9.9'));
  });
});
