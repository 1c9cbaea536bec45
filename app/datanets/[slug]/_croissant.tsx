import { buildDeps } from '#app/_server/deps.ts';
import { VersionNotFoundError } from '#lib/datanets/errors.ts';
import type { DatanetDetail } from '#lib/datanets/types.ts';
import { VersionExportPendingError } from '#lib/dataset-viewer/errors.ts';
import { getCroissant } from '#lib/dataset-viewer/get-croissant.ts';

/** The newest version's description for search engines and tools, in the page itself; nothing while there is none. */
export async function CroissantScript({ datanet }: { datanet: DatanetDetail }) {
  const croissant = await getCroissant(buildDeps(), { dataset: datanet }).catch((error) => {
    if (error instanceof VersionNotFoundError || error instanceof VersionExportPendingError) return null;
    throw error;
  });
  if (!croissant) return null;
  // A text of ours cannot end the element: < is written as an escape.
  const json = JSON.stringify(croissant).replaceAll('<', '\\u003c');
  // biome-ignore lint/security/noDangerouslySetInnerHtml: JSON in a data block, with < escaped
  return <script type="application/ld+json" dangerouslySetInnerHTML={{ __html: json }} />;
}
