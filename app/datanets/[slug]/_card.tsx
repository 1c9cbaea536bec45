import { buildDeps } from '#app/_server/deps.ts';
import { AwaitingRegistration } from '#components/datanets/awaiting-registration.tsx';
import { DatanetFacts } from '#components/datanets/datanet-facts.tsx';
import { QuorumOnChain, RegisterDatanet, RolesOnChain, RolesPanel } from '#components/datanets/owner-parts.tsx';
import { getChainTerms } from '#lib/datanets/get-chain-terms.ts';
import { registerDatanetCall } from '#lib/datanets/registry-calls.ts';
import { advisedQuorum, registryAccess, startTerms } from '#lib/datanets/registry-terms.ts';
import type { DatanetDetail } from '#lib/datanets/types.ts';
import { loadAccess } from '../_access.ts';
import type { Viewer } from '../_data.ts';
import { setDatanetRoleAction } from '../actions.ts';

/** What the Datanet is and who answers for it; for its owner also the steps that only the owner can take. */
export async function DatanetCard({ datanet, viewer }: { datanet: DatanetDetail; viewer: Viewer }) {
  const { registryId, curators } = datanet;
  const [terms, { tier }] = await Promise.all([
    registryId === null ? null : getChainTerms(buildDeps().db, registryId),
    loadAccess(datanet.id),
  ]);
  const access = registryAccess(tier);
  return (
    <div className="flex flex-col gap-6">
      {terms === null &&
        (viewer.isOwner ? (
          <RegisterDatanet datanetId={datanet.id} args={registerDatanetCall(datanet.metaHash, startTerms(tier)).args} />
        ) : (
          <AwaitingRegistration owner={datanet.owner} />
        ))}
      <DatanetFacts datanet={datanet} you={viewer.address} tier={tier} terms={terms} />
      {viewer.isOwner && <RolesPanel datanet={datanet} setRole={setDatanetRoleAction} />}
      {viewer.isOwner && terms && registryId !== null && (
        <RolesOnChain
          registryId={registryId}
          missing={curators.filter((curator) => !terms.curators.includes(curator))}
          leftOver={terms.curators.filter((curator) => curator !== datanet.owner && !curators.includes(curator))}
          access={terms.access === access ? null : access}
        />
      )}
      {viewer.isOwner && terms && registryId !== null && (
        <QuorumOnChain
          registryId={registryId}
          policy={terms.policy}
          curators={new Set([datanet.owner, ...terms.curators]).size}
          advised={advisedQuorum(datanet.domain)}
        />
      )}
    </div>
  );
}
