import { Address } from '#components/ui/address.tsx';
import { RefreshWhile } from '#components/ui/refresh-while.tsx';

/** For everybody but the owner: what waits until the Datanet is on chain, and for whom. No wallet code. */
export function AwaitingRegistration({ owner }: { owner: string }) {
  return (
    <section aria-label="Registration on chain" className="border-l-2 border-warn py-1 pl-4">
      <p className="title-small mb-1">Not on chain yet</p>
      <p className="text-sm text-muted">
        Rows can be contributed and reviewed. Versions wait until its owner{' '}
        <Address address={owner} copy={false} className="text-sm" /> registers it with one transaction.
      </p>
      <RefreshWhile everyMs={15_000} />
    </section>
  );
}
