import type { Action } from '#components/datanets/action-types.ts';
import type { MemberKeyActions } from '#components/sealed-rows/use-member-key.ts';
import { Address } from '#components/ui/address.tsx';
import { TimeAgo } from '#components/ui/time-ago.tsx';
import type { RequestAccessInput } from '#lib/access/schema.ts';
import type { AccessGrantView, AccessRequestView, ReadAccess } from '#lib/access/types.ts';
import { type RevokeAction, RevokeButton } from './grant-list.tsx';
import { RequestForm } from './request-form.tsx';

/** Where this reader stands: in, waiting for whom and since when, refused and why, or not asked yet. */
export function OwnAccess({
  datanetId,
  owner,
  access,
  own,
  nowMs,
  request,
  revoke,
  keys,
}: {
  datanetId: string;
  owner: string;
  access: ReadAccess;
  own: { request: AccessRequestView; grant: AccessGrantView | null } | null;
  nowMs: number;
  request: Action<RequestAccessInput, unknown>;
  revoke: RevokeAction;
  keys: MemberKeyActions;
}) {
  if (access.part === 'curator') return <p className="text-sm">You are a curator, so you read the rows.</p>;
  if (access.part === 'member' && access.until && own?.grant) {
    return (
      <div className="flex flex-col items-start gap-3 text-sm">
        <p>
          You are a member. Your permission ends <TimeAgo at={access.until} />.
        </p>
        <RevokeButton grantId={own.grant.id} revoke={revoke} label="Give it back" reason="the member gave it back" />
      </div>
    );
  }
  if (own && !own.request.decision) {
    return (
      <p className="text-sm">
        You asked <TimeAgo at={own.request.createdAt} />. It waits for the owner{' '}
        <Address address={owner} copy={false} />.
      </p>
    );
  }
  return (
    <div className="flex flex-col gap-4">
      {own && <Before own={own} nowMs={nowMs} />}
      <RequestForm datanetId={datanetId} isEncrypted={access.tier === 'encrypted'} request={request} keys={keys} />
    </div>
  );
}

function Before({
  own: { request, grant },
  nowMs,
}: {
  own: { request: AccessRequestView; grant: AccessGrantView | null };
  nowMs: number;
}) {
  const { decision } = request;
  if (decision?.decision === 'refused')
    return (
      <p className="prose-measure text-sm">
        The owner refused <TimeAgo at={decision.at} />: {decision.reason} You can ask again.
      </p>
    );
  if (grant?.revoked)
    return (
      <p className="prose-measure text-sm">
        Your permission was revoked <TimeAgo at={grant.revoked.at} />
        {grant.revoked.reason && `: ${grant.revoked.reason}`}. You can ask again.
      </p>
    );
  if (grant && grant.expiresAt.getTime() <= nowMs)
    return (
      <p className="text-sm">
        Your permission ended <TimeAgo at={grant.expiresAt} />. You can ask again.
      </p>
    );
  return null;
}
