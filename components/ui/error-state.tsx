import type { ReactNode } from 'react';

/**
 * Something failed: whose fault it is and what to do. `fault` is one of "you" (the input), "us" (our side), "network"
 * (chain or connection). `requestId` lets operators find it in the log.
 */
export function ErrorState({
  title,
  fault = 'us',
  children,
  action,
  requestId,
}: {
  title: string;
  fault?: 'you' | 'us' | 'network';
  children?: ReactNode;
  action?: ReactNode;
  requestId?: string | undefined;
}) {
  const whose = {
    you: 'Something in the request needs mending.',
    us: 'This is a fault on our side; nothing of yours is lost.',
    network: 'The connection or the chain did not answer; nothing of yours is lost.',
  }[fault];
  return (
    <div role="alert" className="flex flex-col items-start gap-3 border-l-2 border-bad py-2 pl-4">
      <p className="font-serif text-xl">{title}</p>
      <div className="prose-measure text-sm text-muted">
        <p>{whose}</p>
        {children}
      </div>
      {action}
      {requestId && <p className="label-small figures">Request {requestId}</p>}
    </div>
  );
}
