'use client';

import Link from 'next/link';
import { Button } from '#components/ui/button.tsx';
import { Progress } from '#components/ui/progress.tsx';
import { Status } from '#components/ui/status.tsx';
import type { Upload } from './upload-api.ts';
import type { Uploads } from './use-uploads.ts';

/** Where each large file stands, and who has to do what next. */
export function UploadList({ slug, state }: { slug: string; state: Uploads }) {
  const { uploads, sending, problem, drop } = state;
  if (uploads.length === 0 && !problem) return null;
  return (
    <div className="flex max-w-3xl flex-col gap-4" aria-live="polite">
      {problem && (
        <p role="alert" className="border-l-2 border-bad py-1 pl-4 text-sm text-bad">
          {problem}
        </p>
      )}
      <ul className="flex flex-col">
        {uploads.map((upload) => (
          <li
            key={upload.id}
            className="flex flex-col gap-2 border-b border-hairline py-3 text-sm"
            data-upload={upload.status}
          >
            <span className="font-medium break-all">{upload.file_name}</span>
            <UploadState slug={slug} upload={upload} isSending={sending.has(upload.id)} />
            {upload.status === 'receiving' && (
              <Button size="sm" className="self-start" onClick={() => void drop(upload)}>
                Give up this upload
              </Button>
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}

function UploadState({ slug, upload, isSending }: { slug: string; upload: Upload; isSending: boolean }) {
  const { status, size_bytes: size, received_bytes: received, read_bytes: read, rows } = upload;
  const mega = (bytes: number) => (bytes / 1024 / 1024).toFixed(1);
  if (status === 'receiving') {
    return (
      <>
        <Progress value={received / size} label={`${upload.file_name}: sent`} />
        <p className="text-muted">
          {mega(received)} of {mega(size)} MB sent.{' '}
          {isSending
            ? 'You may close this tab: it goes on when you come back to this page.'
            : 'Choose the same file again and it goes on from there.'}
        </p>
      </>
    );
  }
  if (status === 'reading') {
    return (
      <>
        <Progress value={read / size} label={`${upload.file_name}: read`} />
        <p className="text-muted">
          All is here. Its rows are being judged: {rows.new.toLocaleString('en')} are new so far.
        </p>
      </>
    );
  }
  return (
    <>
      <Status tone={status === 'done' ? 'good' : 'bad'} wrap>
        {status === 'done' ? `${rows.new.toLocaleString('en')} new rows wait for a curator` : upload.failure}
      </Status>
      <p className="text-muted">
        {rows.duplicate.toLocaleString('en')} duplicates, {rows.held.toLocaleString('en')} held for personal data,{' '}
        {rows.invalid.toLocaleString('en')} to mend.{' '}
        {upload.contribution_id && (
          <Link href={`/datanets/${slug}/contributions/${upload.contribution_id}`} className="link">
            See the contribution
          </Link>
        )}
      </p>
      {upload.faults.length > 0 && (
        <details>
          <summary className="cursor-pointer py-1">What was not stored and why</summary>
          <ol className="max-h-72 overflow-y-auto text-muted">
            {upload.faults.map(({ line, what }) => (
              <li key={line}>
                Line {line}: {what}
              </li>
            ))}
          </ol>
        </details>
      )}
    </>
  );
}
