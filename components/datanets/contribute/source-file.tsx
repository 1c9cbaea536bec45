'use client';

import { FileText, Upload } from 'lucide-react';
import { type ChangeEvent, type DragEvent, useState } from 'react';
import { Button } from '#components/ui/button.tsx';
import { cx } from '#components/ui/cx.ts';
import type { Draft } from './draft.ts';

/** Drop a file or choose one. It is read in the browser; nothing is uploaded. */
export function SourceFile({ draft, change }: { draft: Draft; change: (change: Partial<Draft>) => void }) {
  const [over, setOver] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const take = async (file: File | undefined) => {
    if (!file) return;
    setProblem(null);
    try {
      const { readDroppedFile } = await import('./check-rows.ts');
      const read = await readDroppedFile(file.name, new Uint8Array(await file.arrayBuffer()));
      change({ file: read, mapping: null, redactedLines: [], key: crypto.randomUUID() });
    } catch (error) {
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
        <Upload aria-hidden className="size-5 text-muted" />
        <span>
          Drop a file here, or <span className="link">choose one</span>
        </span>
        <span className="text-xs text-muted">
          CSV, TSV, JSON Lines, Parquet, plain text, Markdown, Word (.docx) or a PDF with text, at most 10,000 rows and
          10 MB. It is read here; nothing is sent yet.
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
      {draft.file && (
        <p className="flex flex-wrap items-center gap-2 text-sm">
          <FileText aria-hidden className="size-4 text-muted" />
          {draft.file.name}
          <Button size="sm" variant="quiet" onClick={() => change({ file: null, mapping: null, redactedLines: [] })}>
            Take it out
          </Button>
        </p>
      )}
    </div>
  );
}
