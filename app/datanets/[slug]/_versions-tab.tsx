import Link from 'next/link';
import { buildDeps } from '#app/_server/deps.ts';
import { AnchorVersion, FreezeVersion, VersionAcceptance } from '#components/datanets/owner-parts.tsx';
import { VersionTable } from '#components/datanets/version-table.tsx';
import { Address } from '#components/ui/address.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { LinkButton } from '#components/ui/link-button.tsx';
import { RefreshWhile } from '#components/ui/refresh-while.tsx';
import { findFreeze } from '#lib/datanets/find-freeze.ts';
import { getChainTerms } from '#lib/datanets/get-chain-terms.ts';
import { getVersionAcceptance } from '#lib/datanets/get-version-acceptance.ts';
import { hasUnfrozenChanges } from '#lib/datanets/has-unfrozen-changes.ts';
import { listVersions } from '#lib/datanets/list-versions.ts';
import { acceptVersionCall, anchorVersionCall, proposeVersionCall } from '#lib/datanets/registry-calls.ts';
import type { ChainTerms, DatanetDetail, VersionView } from '#lib/datanets/types.ts';
import { loadAccess } from '../_access.ts';
import type { Viewer } from '../_data.ts';
import { approveVersionAction, freezeVersionAction, stopFreezeAction } from '../actions.ts';

/** Frozen versions, and for those who may: freezing the next one and anchoring it on chain. */
export async function VersionsTab({ datanet, viewer }: { datanet: DatanetDetail; viewer: Viewer }) {
  const deps = buildDeps();
  // In this order: a version that comes while the page is read is still being made for it, so that the page reads itself again.
  const making = viewer.isCurator ? await findFreeze(deps.db, datanet.id) : null;
  // Only those who may freeze are told whether there is something to freeze; it costs a pass over the rows.
  const changed = viewer.isCurator && (await hasUnfrozenChanges(deps, datanet.id));
  const versions = await listVersions(deps.db, datanet.id);
  const waiting = versions.filter((version) => version.anchor === null);
  const { tier, mayRead } = await loadAccess(datanet.id);
  const isReadable = mayRead && tier !== 'encrypted';
  const isShared = datanet.registryId !== null && (await isDecidedByMany(datanet.registryId));
  return (
    <div className="flex flex-col gap-8">
      {viewer.isCurator && (
        <FreezeVersion
          datanetId={datanet.id}
          next={(versions[0]?.number ?? 0) + 1}
          rowCount={datanet.rowCount}
          lastRowCount={versions[0]?.rowCount ?? 0}
          changed={changed}
          registered={datanet.registryId !== null}
          making={making}
          freeze={freezeVersionAction}
          stop={stopFreezeAction}
        />
      )}
      {waiting.map((version) => (
        <WaitingVersion key={version.id} version={version} datanet={datanet} viewer={viewer} />
      ))}
      {versions.length > 0 ? (
        <>
          <VersionTable
            slug={datanet.slug}
            versions={versions}
            waitsFor={isShared ? 'its curators' : 'the owner'}
            mayRead={isReadable}
            mayTrain={isReadable && tier !== 'compute'}
          />
          <p className="text-sm text-muted">
            Could somebody earn here without work?{' '}
            <Link href={`/gaming?version=${versions[0]!.id}`} className="link">
              Run an attack on a copy
            </Link>{' '}
            and see.
          </p>
          <p className="text-sm text-muted">
            {versions.length > 1 && (
              <>
                <Link href={`/datanets/${datanet.slug}/compare`} className="link">
                  Compare two versions row by row
                </Link>
                .{' '}
              </>
            )}
            {isReadable && <ForTools slug={datanet.slug} />}
          </p>
        </>
      ) : (
        <EmptyState
          title="No version yet"
          action={<LinkButton href={`/datanets/${datanet.slug}/review`}>See the review queue</LinkButton>}
        >
          A version is a fixed set of accepted rows with one hash over all of them. Models are trained on versions, so
          that everybody can check later what a model has read. The owner or a curator freezes one here.
        </EmptyState>
      )}
    </div>
  );
}

function ForTools({ slug }: { slug: string }) {
  return (
    <>
      <Link href={`/datanets/${slug}/sql`} className="link">
        Ask its rows in SQL
      </Link>
      , in your browser. For tools: the newest version as{' '}
      <a href={`/datanets/${slug}/croissant`} className="link">
        Croissant
      </a>
      , and{' '}
      <a href={`/api/v1/viewer/parquet?dataset=${slug}`} className="link">
        its Parquet files with their hashes
      </a>
      .
    </>
  );
}

const isDecidedByMany = async (registryId: string): Promise<boolean> =>
  (await getChainTerms(buildDeps().db, registryId)).policy.curatorQuorum > 1;

async function WaitingVersion({
  version,
  datanet,
  viewer,
}: {
  version: VersionView;
  datanet: DatanetDetail;
  viewer: Viewer;
}) {
  const { registryId } = datanet;
  if (registryId === null) return null;
  const terms = await getChainTerms(buildDeps().db, registryId);
  if (terms.policy.curatorQuorum > 1) return <SharedVersion {...{ version, datanet, viewer, terms, registryId }} />;
  return (
    <section aria-label={`Anchoring version ${version.number}`} className="border-l-2 border-warn py-1 pl-4">
      <p className="title-small mb-1">Version {version.number} is not on chain yet</p>
      {viewer.isOwner ? (
        <AnchorVersion
          versionId={version.id}
          number={version.number}
          rowCount={version.rowCount}
          args={anchorVersionCall({ ...version, registryId }).args}
        />
      ) : (
        <p className="text-sm text-muted">
          It can be trained on now. It waits until the owner <Address address={datanet.owner} copy={false} /> writes its
          root on chain with one transaction; a model made of it can be published after that.
        </p>
      )}
      <RefreshWhile everyMs={viewer.isOwner ? 3_000 : 15_000} />
    </section>
  );
}

/** A version that several curators must approve. */
async function SharedVersion({
  version,
  datanet,
  viewer,
  terms,
  registryId,
}: {
  version: VersionView;
  datanet: DatanetDetail;
  viewer: Viewer;
  terms: ChainTerms;
  registryId: string;
}) {
  const { owner } = datanet;
  const { batch, approvals } = await getVersionAcceptance(buildDeps().db, version, { registryId, owner }, terms);
  return (
    <section aria-label={`Approval of version ${version.number}`} className="border-l-2 border-warn py-1 pl-4">
      <p className="title-small mb-1">Version {version.number} is not on chain yet</p>
      <VersionAcceptance
        versionId={version.id}
        number={version.number}
        root={version.root}
        args={proposeVersionCall({ ...version, registryId }).args}
        quorum={terms.policy.curatorQuorum}
        curators={[owner, ...terms.curators.filter((curator) => curator !== owner)]}
        batch={batch}
        approvals={batch === null ? [] : acceptVersionCall(registryId, batch, approvals).args[2]}
        you={viewer.address}
        approve={approveVersionAction}
      />
      <RefreshWhile everyMs={15_000} />
    </section>
  );
}
