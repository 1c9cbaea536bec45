import { z } from 'zod';
import { defineRoute } from '#app/_server/define-route.ts';
import { getReadAccess } from '#lib/access/get-read-access.ts';
import { VersionNotFoundError } from '#lib/datanets/errors.ts';
import { getVersion } from '#lib/datanets/list-versions.ts';
import { getVersionFile } from '#lib/mixes/get-version-file.ts';

/**
 * The rows of a frozen version, byte for byte as its object: one row a line with id, contributor, contentHash,
 * contributedAt and data, from which anybody can rebuild the root (lib/datanets/version-rows.ts). Of a mix: its parts' files, after a line
 * that says what they are.
 */
export const GET = defineRoute({
  input: z.object({ slug: z.string(), number: z.string() }),
  auth: 'visitor',
  limit: { name: 'download', max: 60, windowSeconds: 60 },
  run: async ({ deps, actor, input, request }) => {
    const number = Number(input.number);
    if (!Number.isSafeInteger(number) || number < 1) throw new VersionNotFoundError(input.slug, input.number);
    const version = await getVersion(deps.db, input.slug, number);
    const { tier } = await getReadAccess(deps, actor, version.datanetId);
    const { tag, read } = await getVersionFile(deps, version);
    const etag = `"${tag}"`;
    const headers = {
      etag,
      // A version never changes, but a devnet that was reset reuses the number.
      'cache-control': tier === 'public' ? 'public, no-cache' : 'private, no-store',
      'x-datanet-root': version.root,
    };
    if (request.headers.get('if-none-match') === etag) return new Response(null, { status: 304, headers });
    return new Response((await read()) as Uint8Array<ArrayBuffer>, {
      headers: {
        ...headers,
        'content-type': 'application/jsonl; charset=utf-8',
        'content-disposition': `attachment; filename="${input.slug.replace(/[^a-z0-9-]/g, '')}-v${number}.jsonl"`,
      },
    });
  },
});
