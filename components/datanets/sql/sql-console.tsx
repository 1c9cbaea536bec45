'use client';

import { type FormEvent, useEffect, useRef, useState } from 'react';
import { Button } from '#components/ui/button.tsx';
import { Field } from '#components/ui/field.tsx';
import { Progress } from '#components/ui/progress.tsx';
import { Textarea } from '#components/ui/textarea.tsx';
import type { OpenDuckdb } from './open-duckdb.ts';
import type { SqlAnswer } from './run-question.ts';
import { SqlAnswerTable } from './sql-answer-table.tsx';

type Load =
  | { state: 'idle' }
  | { state: 'loading'; what: string; done: number }
  | { state: 'ready' }
  | { state: 'failed'; why: string };

/** SQL over a version's rows, computed in this browser. The engine comes when somebody opens it, not before. */
export function SqlConsole({ files, rowCount, first }: { files: readonly string[]; rowCount: number; first: string }) {
  const opened = useRef<OpenDuckdb | null>(null);
  const [load, setLoad] = useState<Load>({ state: 'idle' });
  const [sql, setSql] = useState(first);
  const [answer, setAnswer] = useState<SqlAnswer | { why: string } | null>(null);
  const [busy, setBusy] = useState(false);
  useEffect(() => () => void opened.current?.close(), []);
  const open = async () => {
    setLoad({ state: 'loading', what: 'Fetching the engine (34 MB, once)', done: 0 });
    try {
      opened.current = await fill(files, (rows) =>
        setLoad({ state: 'loading', what: `Reading rows: ${rows.toLocaleString('en')}`, done: rows / rowCount }),
      );
      setLoad({ state: 'ready' });
    } catch (error) {
      setLoad({ state: 'failed', why: (error as Error).message });
    }
  };
  const ask = async (event: FormEvent) => {
    event.preventDefault();
    if (!opened.current) return;
    setBusy(true);
    const { runQuestion } = await import('./run-question.ts');
    setAnswer(await runQuestion(opened.current.connection, sql).catch((error: Error) => ({ why: error.message })));
    setBusy(false);
  };
  if (load.state !== 'ready') return <OpenConsole load={load} rowCount={rowCount} open={open} />;
  return (
    <form onSubmit={ask} className="flex flex-col gap-4">
      <Field label="Question in SQL" hint="The table is called rows. Nothing leaves this browser.">
        {(control) => (
          <Textarea
            {...control}
            mono
            rows={6}
            value={sql}
            spellCheck={false}
            onChange={(event) => setSql(event.target.value)}
            onKeyDown={(event) => {
              if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void ask(event);
            }}
          />
        )}
      </Field>
      <div>
        <Button type="submit" variant="primary" busy={busy}>
          Ask
        </Button>
      </div>
      <div aria-live="polite">
        {answer &&
          ('why' in answer ? (
            <p role="alert" className="border-l-2 border-bad py-1 pl-4 font-mono text-sm whitespace-pre-wrap text-bad">
              {answer.why}
            </p>
          ) : (
            <SqlAnswerTable answer={answer} />
          ))}
      </div>
    </form>
  );
}

function OpenConsole({
  load,
  rowCount,
  open,
}: {
  load: Exclude<Load, { state: 'ready' }>;
  rowCount: number;
  open: () => void;
}) {
  if (load.state === 'loading') {
    return (
      <div className="max-w-md" aria-live="polite">
        <p className="mb-2 text-sm">{load.what}</p>
        <Progress label={load.what} value={load.done} />
      </div>
    );
  }
  return (
    <div className="flex flex-col items-start gap-3">
      {load.state === 'failed' && (
        <p role="alert" className="border-l-2 border-bad py-1 pl-4 text-sm text-bad">
          The console could not be opened: {load.why}
        </p>
      )}
      <Button variant="primary" onClick={open}>
        {load.state === 'failed' ? 'Try again' : 'Open the console'}
      </Button>
      <p className="text-xs text-muted">
        Loads DuckDB (34 MB) and the {rowCount.toLocaleString('en')} rows of this version into this tab.
      </p>
    </div>
  );
}

/** Starts the engine and puts all files of the version into the table `rows`. */
async function fill(files: readonly string[], progress: (rows: number) => void): Promise<OpenDuckdb> {
  const [{ openDuckdb }, { parquetTables }] = await Promise.all([
    import('./open-duckdb.ts'),
    import('./parquet-tables.ts'),
  ]);
  const opened = await openDuckdb();
  let done = 0;
  for (const file of files) {
    const response = await fetch(file);
    if (!response.ok) throw new Error(`the rows cannot be read (${response.status}).`);
    for await (const { stream, rows } of parquetTables(await response.arrayBuffer())) {
      await opened.connection.insertArrowFromIPCStream(stream, { name: 'rows', create: done === 0 });
      done += rows;
      progress(done);
    }
  }
  return opened;
}
