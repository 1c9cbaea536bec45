import Link from 'next/link';
import { buildDeps } from '#app/_server/deps.ts';
import { Page } from '#components/layout/page.tsx';
import { RootFact } from '#components/model-factory/recipe-facts.tsx';
import { LinkButton } from '#components/ui/link-button.tsx';
import { Section } from '#components/ui/section.tsx';
import type { DatanetDetail } from '#lib/datanets/types.ts';
import { tenthsRange } from '#lib/kernel/mix-weights.ts';
import { listMixParts } from '#lib/mixes/list-mix-parts.ts';
import { ModelsTab } from './_models-tab.tsx';

/** Nobody owns a mix, so that nobody can change it. */
const nobody = '0x0000000000000000000000000000000000000000';

/** Whether this is several versions that a run was trained on together, and no Datanet that takes rows. */
export const isMix = ({ owner }: DatanetDetail) => owner === nobody;

/** What a mix is made of, with the way to each part: its rows, people and licence stand there. */
export async function MixPage({ datanet }: { datanet: DatanetDetail }) {
  const version = datanet.latestVersion;
  const parts = version ? await listMixParts(buildDeps().db, version.id) : [];
  const weight = (tenths: number) => (tenths === tenthsRange.once ? '' : `*${tenths / tenthsRange.once}`);
  const link = parts.map(({ datanet: { slug }, number, tenths }) => `${slug}@${number}${weight(tenths)}`).join('~');
  return (
    <Page
      title={datanet.title}
      eyebrow={
        <Link href="/datanets" className="link">
          Datanets
        </Link>
      }
      intro={`Several Datanets that one run was trained on together, under ${datanet.license}. Rows are contributed, reviewed and paid in each of them.`}
      actions={<LinkButton href={`/models/new?step=data&data=${link}`}>Train a model</LinkButton>}
    >
      <Section title="What it is made of" intro="A weight of 2 means that a pass of the training read each row twice.">
        <ul className="flex flex-col border-t border-hairline">
          {parts.map((part) => (
            <li
              key={part.versionId}
              className="flex flex-wrap items-baseline gap-x-4 gap-y-1 border-b border-hairline py-3"
            >
              <Link href={`/datanets/${part.datanet.slug}?tab=versions`} className="link font-medium">
                {part.datanet.title}, version {part.number}
              </Link>
              <span className="text-sm">weight {part.tenths / tenthsRange.once}×</span>
              <span className="text-sm text-muted">
                {part.rowCount} rows · {part.datanet.license}
              </span>
              <RootFact value={part.root} />
            </li>
          ))}
        </ul>
        <p className="prose-measure mt-4 text-sm text-muted">
          Its root is the Merkle root over the parts’ roots, rows and weights, so anybody computes it from{' '}
          <a className="link" href={`/api/v1/datanets/${datanet.slug}/versions/1/rows.jsonl`}>
            its rows
          </a>
          .
        </p>
      </Section>
      <ModelsTab datanet={datanet} />
    </Page>
  );
}
