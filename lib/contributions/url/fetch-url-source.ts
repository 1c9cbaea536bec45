import { z } from 'zod';
import { assertAccount } from '#lib/platform/assert-account.ts';
import type { Actor } from '#lib/platform/deps.ts';
import { fetchPublicFile } from './fetch-public-file.ts';

export const urlSourceSchema = z.object({
  url: z.string().trim().max(2000),
  /** The sender says that the text is theirs or that its licence allows this. */
  consent: z.literal(true, { error: 'say first that you may share this text' }),
});
export type UrlSourceInput = z.infer<typeof urlSourceSchema>;

/** A file as text that an action can answer with. */
export type UrlSource = { url: string; name: string; base64: string };

/**
 * Fetches a file for a draft; nothing is stored. It goes back to the browser, where it is read and judged like one that was dropped.
 *
 * @throws {UrlRefusedError | UrlUnreachableError | NotSignedInError}
 */
export async function fetchUrlSource(_deps: unknown, actor: Actor, { url }: UrlSourceInput): Promise<UrlSource> {
  assertAccount(actor);
  const { bytes, ...file } = await fetchPublicFile(url);
  return { ...file, base64: Buffer.from(bytes).toString('base64') };
}
