import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { buildDeps } from '#app/_server/deps.ts';
import { getActor } from '#app/_server/session.ts';
import { DecideRequest, EraPanel, GrantList, OwnAccess, TierForm } from '#components/access/access-parts.tsx';
import { tierWords } from '#components/access/tier-words.ts';
import { Section } from '#components/ui/section.tsx';
import { findOwnRequest, listAccess } from '#lib/access/list-access.ts';
import type { ReadAccess } from '#lib/access/types.ts';
import type { DatanetDetail } from '#lib/datanets/types.ts';
import { listKeyHolders } from '#lib/sealed-rows/get-sealed-keys.ts';
import { loadAccess } from '../../_access.ts';
import { loadDatanet } from '../../_data.ts';
import {
  findMemberKeyAction,
  grantAccessAction,
  refuseAccessAction,
  requestAccessAction,
  revokeAccessAction,
  saveMemberKeyAction,
  setAccessTierAction,
  startEraAction,
} from '../../access-actions.ts';
import { DatanetFrame } from '../_header.tsx';
import { sealedPlace } from '../_sealed-place.ts';
import { Trainings } from './_trainings.tsx';

type Props = { params: Promise<{ slug: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const loaded = await loadDatanet((await params).slug);
  return { title: loaded ? `Access to ${loaded.datanet.title}` : 'Access' };
}

/** Who reads the rows, how to ask, and for the owner who asked and who is in. */
export default async function AccessPage({ params }: Props) {
  const loaded = await loadDatanet((await params).slug);
  if (!loaded) notFound();
  const { datanet, viewer } = loaded;
  const access = await loadAccess(datanet.id);
  const words = tierWords[access.tier];
  return (
    <DatanetFrame datanet={datanet} tab="access">
      <div className="flex flex-col gap-10">
        <div className="flex flex-col gap-3">
          <p className="title-small">{words.title}</p>
          <p className="prose-measure text-sm">{words.who}</p>
          {words.lost && <p className="prose-measure text-sm text-muted">{words.lost}</p>}
        </div>
        {access.tier !== 'public' && !viewer.isOwner && (
          <Own datanet={datanet} access={access} address={viewer.address} />
        )}
        {access.tier === 'compute' && access.part !== 'none' && (
          <Trainings datanet={datanet} isOwner={viewer.isOwner} />
        )}
        {viewer.isOwner && viewer.address && <Owner datanet={datanet} access={access} owner={viewer.address} />}
      </div>
    </DatanetFrame>
  );
}

async function Own({
  datanet,
  access,
  address,
}: {
  datanet: DatanetDetail;
  access: ReadAccess;
  address: `0x${string}` | null;
}) {
  const { db, now } = buildDeps();
  const own = address && (await findOwnRequest(db, { datanetId: datanet.id, account: address }));
  return (
    <Section title="Your access">
      <OwnAccess
        {...{ datanetId: datanet.id, owner: datanet.owner, access, own: own || null, nowMs: now().getTime() }}
        request={requestAccessAction}
        revoke={revokeAccessAction}
        keys={{ find: findMemberKeyAction, save: saveMemberKeyAction }}
      />
    </Section>
  );
}

async function Owner({ datanet, access, owner }: { datanet: DatanetDetail; access: ReadAccess; owner: `0x${string}` }) {
  const [deps, actor] = [buildDeps(), await getActor()];
  const { requests, grants } = await listAccess(deps, actor, datanet.id);
  const place = access.tier === 'encrypted' ? sealedPlace(datanet.id, owner) : null;
  const holders = place ? await listKeyHolders(deps, actor, datanet.id) : [];
  return (
    <>
      {place && (
        <Section title="Data key">
          <EraPanel place={place} holders={holders} startEra={startEraAction} />
        </Section>
      )}
      {access.tier !== 'public' && (
        <Section title="Requests that wait for you">
          {requests.length === 0 ? (
            <p className="text-sm text-muted">Nobody waits.</p>
          ) : (
            <ul className="flex flex-col">
              {requests.map((request) => (
                <DecideRequest
                  key={request.id}
                  {...{ datanetId: datanet.id, owner, request, place }}
                  actions={{ grant: grantAccessAction, refuse: refuseAccessAction }}
                />
              ))}
            </ul>
          )}
        </Section>
      )}
      {grants.length > 0 && (
        <Section title="Permissions">
          <GrantList grants={grants} nowMs={deps.now().getTime()} revoke={revokeAccessAction} />
        </Section>
      )}
      {access.tier !== 'encrypted' && (
        <Section title="Change who reads">
          <TierForm
            datanetId={datanet.id}
            tier={access.tier}
            hasRows={datanet.rowCount + datanet.pendingCount > 0}
            setTier={setAccessTierAction}
          />
        </Section>
      )}
    </>
  );
}
