import Link from 'next/link';
import { Hash } from '#components/ui/hash.tsx';
import { RefreshWhile } from '#components/ui/refresh-while.tsx';
import { TimeAgo } from '#components/ui/time-ago.tsx';
import type { ErasureReceipt } from '#lib/kernel/erasure-receipt.ts';

/** What became of a withdrawn row's text: destroyed, with the signed receipt, or waiting for the worker since when. */
export function ErasureNote({
  exampleId,
  requestedAt,
  receipt,
}: {
  exampleId: string;
  requestedAt: Date;
  receipt: ErasureReceipt | null;
}) {
  if (!receipt) {
    return (
      <div>
        <p className="prose-measure text-sm">
          Withdrawn <TimeAgo at={requestedAt} />. The worker of this installation has not destroyed the text yet;
          usually it takes seconds.
        </p>
        <RefreshWhile everyMs={3_000} />
      </div>
    );
  }
  const { versions, models, quotedInAnswers, remains, erasedAt } = receipt;
  return (
    <section aria-label="Erasure" className="flex flex-col gap-3 text-sm">
      <p className="prose-measure">
        The text was destroyed <TimeAgo at={new Date(erasedAt * 1000)} />
        {versions.length > 0 && `, also in ${versions.length === 1 ? 'the version' : 'the versions'} that held it`}.{' '}
        <a className="link" href={`/api/v1/rows/${exampleId}/erasure`} download={`${exampleId}.erasure.json`}>
          Signed receipt
        </a>
      </p>
      {versions.length > 0 && (
        <ul className="flex flex-col gap-1">
          {versions.map(({ number, root, isSalted }) => (
            <li key={number} className="flex flex-wrap items-baseline gap-x-2">
              Version {number}: its root <Hash value={root} what="root" /> stands.
              {!isSalted && ' It is from before there were salts: who guesses the whole text can compare its hash.'}
            </li>
          ))}
        </ul>
      )}
      {models.length > 0 && (
        <p>
          Models that learnt from it, until they are trained again:{' '}
          {models.map(({ adapterId, slugs }) => (
            <span key={adapterId} className="mr-2">
              {slugs[0] ? (
                <Link className="link" href={`/models/${slugs[0]}`}>
                  {slugs[0]}
                </Link>
              ) : (
                adapterId
              )}
            </span>
          ))}
        </p>
      )}
      {quotedInAnswers > 0 && <p>{quotedInAnswers} answers quoted it; their payers have those.</p>}
      <details>
        <summary className="min-h-6 cursor-pointer">What remains</summary>
        <ul className="prose-measure mt-2 list-disc pl-5 text-muted">
          {remains.map((what) => (
            <li key={what}>{what}</li>
          ))}
        </ul>
      </details>
    </section>
  );
}
