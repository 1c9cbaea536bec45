import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { AwsClient } from 'aws4fetch';
import { assertObjectKey, ObjectNotFoundError, type ObjectStore } from './object-store.ts';

export type S3Options = {
  endpoint: string; // e.g. https://s3.eu-central-1.amazonaws.com or a MinIO address; path-style
  region: string;
  bucket: string;
  accessKeyId: string;
  secretAccessKey: string;
};

/** Objects in an S3-compatible bucket, path-style addressing, requests signed by aws4fetch. */
export function s3ObjectStore(options: S3Options): ObjectStore {
  const client = new AwsClient({
    accessKeyId: options.accessKeyId,
    secretAccessKey: options.secretAccessKey,
    region: options.region,
    service: 's3',
  });
  const base = `${options.endpoint.replace(/\/$/, '')}/${options.bucket}`;
  const urlOf = (key: string) => {
    assertObjectKey(key);
    return `${base}/${key}`;
  };
  const fail = async (what: string, response: Response) => {
    throw new Error(`S3 ${what} answered ${response.status}: ${(await response.text()).slice(0, 200)}`);
  };
  const find = async (key: string) => {
    const response = await client.fetch(urlOf(key));
    if (response.status === 404) throw new ObjectNotFoundError(key);
    if (!response.ok) await fail(`GET ${key}`, response);
    return response;
  };
  return {
    async put(key, bytes) {
      const response = await client.fetch(urlOf(key), { method: 'PUT', body: bytes as Uint8Array<ArrayBuffer> });
      if (!response.ok) await fail(`PUT ${key}`, response);
    },
    async putFile(key, path) {
      // The client would send the body again on a retry, which a stream cannot; so it only signs here.
      const { size } = await stat(path);
      const { url, headers } = await client.sign(urlOf(key), {
        method: 'PUT',
        headers: { 'content-length': String(size) },
      });
      const body = Readable.toWeb(createReadStream(path)) as ReadableStream<Uint8Array>;
      const response = await fetch(url, { method: 'PUT', headers, body, duplex: 'half' } as RequestInit);
      if (!response.ok) await fail(`PUT ${key}`, response);
    },
    get: async (key) => new Uint8Array(await (await find(key)).arrayBuffer()),
    async open(key) {
      const response = await find(key);
      return { sizeBytes: Number(response.headers.get('content-length')), body: response.body! };
    },
    async exists(key) {
      const response = await client.fetch(urlOf(key), { method: 'HEAD' });
      if (response.status === 404) return false;
      if (!response.ok) await fail(`HEAD ${key}`, response);
      return true;
    },
    async remove(key) {
      const response = await client.fetch(urlOf(key), { method: 'DELETE' });
      if (!response.ok && response.status !== 404) await fail(`DELETE ${key}`, response);
    },
    async list(prefix) {
      assertObjectKey(prefix);
      const keys: string[] = [];
      let token: string | undefined;
      do {
        const query = new URLSearchParams({ 'list-type': '2', prefix: `${prefix}/` });
        if (token) query.set('continuation-token', token);
        const response = await client.fetch(`${base}?${query}`);
        if (!response.ok) await fail(`LIST ${prefix}`, response);
        const xml = await response.text();
        for (const match of xml.matchAll(/<Key>([^<]+)<\/Key>/g)) keys.push(match[1]!);
        token = /<NextContinuationToken>([^<]+)</.exec(xml)?.[1];
      } while (token);
      return keys.sort();
    },
  };
}
