import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fileObjectStore } from './file-object-store.ts';
import { ObjectNotFoundError, type ObjectStore } from './object-store.ts';
import { s3ObjectStore } from './s3-object-store.ts';

let dir = '';
let server: Server;
const stores: Record<string, ObjectStore> = {};

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'objects-'));
  server = await serveBucket();
  stores.file = fileObjectStore(join(dir, 'objects'));
  stores.s3 = s3ObjectStore({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: 'eu-central-1',
    bucket: 'bucket',
    accessKeyId: 'id',
    secretAccessKey: 'secret',
  });
});
afterAll(async () => {
  server.close();
  await rm(dir, { recursive: true });
});

/** What S3 does at the network's edge, as far as objects go: signed PUT and GET of keys in one bucket. */
async function serveBucket(): Promise<Server> {
  const objects = new Map<string, Buffer>();
  const bucket = createServer((request, response) => {
    if (!request.headers.authorization?.startsWith('AWS4-HMAC-SHA256 ')) return response.writeHead(403).end();
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const found = objects.get(request.url!);
      if (request.method === 'PUT') {
        // S3 refuses chunked bodies: the length must be said.
        if (!request.headers['content-length']) return response.writeHead(411).end();
        objects.set(request.url!, Buffer.concat(chunks));
        return response.end();
      }
      if (!found) return response.writeHead(404).end();
      response.writeHead(200, { 'content-length': found.length }).end(found);
    });
  });
  await new Promise<void>((resolve) => bucket.listen(0, '127.0.0.1', resolve));
  return bucket;
}

describe.each(['file', 's3'])('%s object store', (name) => {
  it('takes files and gives streams without holding them', async () => {
    const store = stores[name]!;
    const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, i) => (i * 31) % 251));
    const path = join(dir, `${name}.bin`);
    await writeFile(path, bytes);
    await store.putFile('exports/a/model.gguf', path);
    const { sizeBytes, body } = await store.open('exports/a/model.gguf');
    expect(sizeBytes).toBe(bytes.length);
    expect(Buffer.from(await new Response(body).arrayBuffer()).equals(bytes)).toBe(true);
    expect(Buffer.from(await store.get('exports/a/model.gguf')).equals(bytes)).toBe(true);
    await store.put('exports/a/model.gguf', Buffer.from('new'));
    expect(await new Response((await store.open('exports/a/model.gguf')).body).text()).toBe('new');
  });

  it('says which object is missing, and takes no key that leaves it', async () => {
    const store = stores[name]!;
    await expect(store.open('exports/b')).rejects.toBeInstanceOf(ObjectNotFoundError);
    await expect(store.get('exports/b')).rejects.toBeInstanceOf(ObjectNotFoundError);
    await expect((async () => store.open('../secrets'))()).rejects.toThrow('is not allowed');
    await expect((async () => store.putFile('a/../../b', join(dir, `${name}.bin`)))()).rejects.toThrow(
      'is not allowed',
    );
  });
});

it('a file store leaves no temporary file behind', async () => {
  expect(await readdir(join(dir, 'objects/exports/a'))).toEqual(['model.gguf']);
});
