'use client';

import { type ChangeEvent, type DragEvent, useState } from 'react';
import { Button } from '#components/ui/button.tsx';
import { cx } from '#components/ui/cx.ts';
import { Icon } from '#components/ui/icon.tsx';
import { maxFileBytes } from '#lib/contributions/limits.ts';
import type { Draft } from './draft.ts';

/** What is sent in pieces, when it is too large to be read here. */
const tabular = /\.(?:csv|tsv|jsonl|ndjson)$/i;

/** Drop a file or choose one. It is read in the browser; only what is too large for that is sent, after a question. */
export function SourceFile({
  draft,
  change,
  sendLarge,
}: {
  draft: Draft;
  change: (change: Partial<Draft>) => void;
  sendLarge: (file: File) => void;
}) {
  const [over, setOver] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const [large, setLarge] = useState<File | null>(null);
  const take = async (file: File | undefined) => {
    if (!file) return;
    setProblem(null);
    setLarge(null);
    if (file.size > maxFileBytes && tabular.test(file.name)) return setLarge(file);
    try {
      const { readDroppedFile } = await import('./check-rows.ts');
      const read = await readDroppedFile(file.name, new Uint8Array(await file.arrayBuffer()));
      change({ file: read, mapping: null, redactedLines: [], key: crypto.randomUUID() });
    } catch (error) {
      if ((error as { code?: string }).code === 'too_many_rows' && tabular.test(file.name)) return setLarge(file);
      setProblem((error as Error).message);
    }
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    void take(event.dataTransfer.files[0]);
  };
  const choose = (event: ChangeEvent<HTMLInputElement>) => {
    void take(event.target.files?.[0]);
    event.target.value = ''; // choosing the same file again, mended, must be noticed
  };
  return (
    <div className="flex max-w-3xl flex-col gap-3">
      <label
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
        className={cx(
          'flex cursor-pointer flex-col items-center gap-2 rounded-md border border-dashed border-border px-4 py-10 text-center text-sm has-focus-visible:outline-2 has-focus-visible:outline-focus hover:bg-sunken',
          over && 'border-accent bg-accent-wash',
        )}
      >
        <Icon name="upload" className="size-5 text-muted" />
        <span>
          Drop a file here, or <span className="link">choose one</span>
        </span>
        <span className="text-xs text-muted">
          CSV, TSV, JSON Lines, Parquet, plain text, Markdown, Word (.docx) or a PDF with text, at most 10,000 rows and
          10 MB: it is read here and nothing is sent yet. Larger CSV and JSON Lines files, up to 1 GB, are read by the
          server.
        </span>
        <input
          type="file"
          className="sr-only"
          accept=".csv,.tsv,.jsonl,.ndjson,.json,.txt,.md,.parquet,.docx,.pdf,text/csv,text/plain,application/jsonl"
          onChange={choose}
        />
      </label>
      {problem && (
        <p role="alert" className="border-l-2 border-bad py-1 pl-4 text-sm text-bad">
          {problem}
        </p>
      )}
      {large && (
        <div className="flex flex-col items-start gap-3 border-l-2 border-border py-1 pl-4 text-sm">
          <p>
            “{large.name}” is too large to be checked in this browser ({(large.size / 1024 / 1024).toFixed(1)} MB). Send
            it, and its rows are judged as they come: new ones go to the curators in your name, the others are named
            with the reason.
          </p>
          <Button
            variant="primary"
            size="sm"
            onClick={() => {
              sendLarge(large);
              setLarge(null);
            }}
          >
            Send the file
          </Button>
        </div>
      )}
      {draft.file && (
        <p className="flex flex-wrap items-center gap-2 text-sm">
          <Icon name="file" className="size-4 text-muted" />
          {draft.file.name}
          <Button size="sm" variant="quiet" onClick={() => change({ file: null, mapping: null, redactedLines: [] })}>
            Take it out
          </Button>
        </p>
      )}
    </div>
  );
}
