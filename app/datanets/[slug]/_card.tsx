import { AwaitingRegistration } from '#components/datanets/awaiting-registration.tsx';
import { DatanetFacts } from '#components/datanets/datanet-facts.tsx';
import { RegisterDatanet, RolesPanel } from '#components/datanets/owner-parts.tsx';
import { registerDatanetCall } from '#lib/datanets/registry-calls.ts';
import type { DatanetDetail } from '#lib/datanets/types.ts';
import type { Viewer } from '../_data.ts';
import { setDatanetRoleAction } from '../actions.ts';

/** What the Datanet is and who answers for it; for its owner also the steps that only the owner can take. */
export function DatanetCard({ datanet, viewer }: { datanet: DatanetDetail; viewer: Viewer }) {
  return (
    <div className="flex flex-col gap-6">
      {datanet.registryId === null &&
        (viewer.isOwner ? (
          <RegisterDatanet datanetId={datanet.id} args={registerDatanetCall(datanet.metaHash).args} />
        ) : (
          <AwaitingRegistration owner={datanet.owner} />
        ))}
      <DatanetFacts datanet={datanet} you={viewer.address} />
      {viewer.isOwner && <RolesPanel datanet={datanet} setRole={setDatanetRoleAction} />}
    </div>
  );
}
