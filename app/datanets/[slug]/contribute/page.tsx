import type { Metadata } from 'next';
import Link from 'next/link';
import { notFound } from 'next/navigation';
import { buildDeps } from '#app/_server/deps.ts';
import { toUploadObject } from '#app/api/v1/uploads/_upload-object.ts';
import { RowsClosed } from '#components/access/rows-closed.tsx';
import { ContributeFlow } from '#components/datanets/contribute/contribute-flow.tsx';
import { FlagList } from '#components/datanets/review/flag-list.tsx';
import { Columns } from '#components/layout/columns.tsx';
import { Page } from '#components/layout/page.tsx';
import { LazySealForm } from '#components/sealed-rows/lazy-seal-form.tsx';
import { Section } from '#components/ui/section.tsx';
import { TimeAgo } from '#components/ui/time-ago.tsx';
import { type ContributionLine, listContributions } from '#lib/contributions/list-contributions.ts';
import { listUploads } from '#lib/contributions/uploads/get-upload.ts';
import { listOwnFlags } from '#lib/harm/list-flags.ts';
import { loadAccess } from '../../_access.ts';
import { loadDatanet } from '../../_data.ts';
import { submitSealedRowsAction } from '../../access-actions.ts';
import {
  dropUploadAction,
  fetchUrlAction,
  previewContributionAction,
  submitContributionAction,
} from '../../actions.ts';
import { sealedPlace } from '../_sealed-place.ts';

type Props = { params: Promise<{ slug: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const loaded = await loadDatanet((await params).slug);
  return { title: loaded ? `Contribute to ${loaded.datanet.title}` : 'Contribute' };
}

/** Type, paste or drop rows; see each verdict; send. */
export default async function ContributePage({ params }: Props) {
  const loaded = await loadDatanet((await params).slug);
  if (!loaded) notFound();
  const { id, slug, title, license, fields, rubric } = loaded.datanet;
  const { address } = loaded.viewer;
  const access = await loadAccess(id);
  const mine = address && { datanetId: id, contributor: address };
  const own = mine ? await listContributions(buildDeps().db, mine) : [];
  const uploads = mine ? await listUploads(buildDeps(), mine) : [];
  const flags = mine ? await listOwnFlags(buildDeps().db, mine) : [];
  return (
    <Page
      title="Contribute rows"
      eyebrow={
        <Link href={`/datanets/${slug}`} className="link">
          {title}
        </Link>
      }
    >
      <Columns
        side={
          <>
            <Section title="What curators ask">
              <ol className="list-decimal pl-5 text-sm [&>li]:mb-2">
                {rubric.map((rule) => (
                  <li key={rule}>{rule}</li>
                ))}
              </ol>
              <p className="mt-4 text-sm text-muted">
                No personal data: e-mail addresses, telephone and card numbers, keys and seed words are held back. Rows
                stay under {license}.
              </p>
            </Section>
            {own.length > 0 && <OwnContributions slug={slug} contributions={own} />}
            {flags.length > 0 && (
              <Section title="Flags on your rows" intro="Curators decide about them; improve a row or withdraw it.">
                <FlagList flags={flags} fields={fields} you={address} />
              </Section>
            )}
          </>
        }
      >
        {access.tier !== 'public' && !access.mayContribute ? (
          <RowsClosed slug={slug} tier={access.tier} />
        ) : access.tier === 'encrypted' && address ? (
          <LazySealForm place={sealedPlace(id, address)} fields={fields} submit={submitSealedRowsAction} />
        ) : (
          <ContributeFlow
            datanet={{ id, slug, license, fields, language: loaded.datanet.language }}
            preview={previewContributionAction}
            submit={submitContributionAction}
            fetchUrl={fetchUrlAction}
            dropUpload={dropUploadAction}
            firstUploads={uploads.map(toUploadObject)}
          />
        )}
      </Columns>
    </Page>
  );
}

function OwnContributions({ slug, contributions }: { slug: string; contributions: readonly ContributionLine[] }) {
  return (
    <Section title="What you have sent">
      <ul className="flex flex-col text-sm">
        {contributions.map((contribution) => (
          <li
            key={contribution.id}
            className="flex min-h-9 items-center justify-between gap-4 border-b border-hairline"
          >
            <Link href={`/datanets/${slug}/contributions/${contribution.id}`} className="link">
              {contribution.rowCount} {contribution.rowCount === 1 ? 'row' : 'rows'}, {contribution.source}
            </Link>
            <span className="text-muted">
              <TimeAgo at={contribution.createdAt} />
            </span>
          </li>
        ))}
      </ul>
    </Section>
  );
}
