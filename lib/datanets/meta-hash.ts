import { canonicalJson } from '#lib/kernel/canonical-json.ts';
import { sha256 } from '#lib/platform/storage/content-address.ts';
import type { CreateDatanetInput } from './schema.ts';

/**
 * What ties a Datanet's row to its registration: SHA-256 over the canonical JSON of its terms and owner. The wallet sends
 * it as `metaCid` of DatanetRegistry.create, so the chain holds a commitment to the terms that contributors agreed to.
 */
export function metaHashOf(
  owner: `0x${string}`,
  terms: Omit<CreateDatanetInput, 'license'> & { license: string },
): `0x${string}` {
  const { slug, title, domain, language, summary, description, rubric, fields, license } = terms;
  return sha256(
    canonicalJson({
      owner,
      slug,
      title,
      domain,
      language,
      summary,
      description,
      rubric,
      fields: fields.map(({ name, label, maxChars }) => ({ name, label, maxChars })),
      license,
    }),
  );
}
