import { readFile, writeFile } from 'node:fs/promises';

/** What the engine cannot know when it writes the run manifest: the indexes that are built over the adapter afterwards. */
export type ManifestAttribution = { method: string; indexSha256: string; spanIndexSha256: string };

/**
 * Adds the attribution indexes to a run manifest, in the file and as the value that the adapter's row holds; all else stays
 * as the engine wrote it. The same bytes whenever it is done again.
 */
export async function completeManifest(
  file: string,
  attribution: ManifestAttribution,
): Promise<{ bytes: Buffer; manifest: Record<string, unknown> }> {
  const manifest = { ...(JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>), attribution };
  const bytes = Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`);
  await writeFile(file, bytes);
  return { bytes, manifest };
}
