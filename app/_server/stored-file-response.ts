import type { Deps } from '#lib/platform/deps.ts';

/**
 * A stored object as a stream, named by its content: `hash` (hex) is its ETag, and who has it already gets 304. `isPrivate`
 * keeps it out of caches that others share; whether the caller may have it, the caller of this has asked.
 */
export async function storedFileResponse(
  deps: Pick<Deps, 'store'>,
  request: Request,
  file: { key: string; hash: string; name: string; type?: string; isPrivate?: boolean },
): Promise<Response> {
  const { isPrivate = false } = file;
  const etag = `"${file.hash.replace(/^0x/, '')}"`;
  const headers = { etag, 'cache-control': isPrivate ? 'private, no-store' : 'public, no-cache' };
  if (request.headers.get('if-none-match') === etag) return new Response(null, { status: 304, headers });
  const { sizeBytes, body } = await deps.store.open(file.key);
  return new Response(body, {
    headers: {
      ...headers,
      'content-type': file.type ?? 'application/octet-stream',
      'content-length': String(sizeBytes),
      'content-disposition': `attachment; filename="${file.name.replace(/[^\w.-]/g, '_')}"`,
    },
  });
}
