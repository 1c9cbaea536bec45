'use client';

import { useCallback, useEffect, useRef, useState } from 'react';
import { type Action, runAction } from '../../action-types.ts';
import { keptFiles } from './kept-files.ts';
import { keyOfFile, readUpload, sendPieces, startUpload, type Upload } from './upload-api.ts';

const pollMs = 2_000;

export type DropUploadAction = Action<{ id: string }, { id: string }>;

export type Uploads = {
  uploads: Upload[];
  /** Ids of uploads whose pieces this tab is sending. */
  sending: ReadonlySet<string>;
  problem: string | null;
  send: (file: File) => Promise<void>;
  /** Gives up an upload whose pieces have not all come. */
  drop: (upload: Upload) => Promise<void>;
};

/**
 * Uploads to a Datanet: those that the server knows, and what this tab sends. A file that was under way when the tab was closed goes on by
 * itself; in another browser it goes on when the same file is chosen.
 */
export function useUploads(slug: string, first: readonly Upload[], dropUpload: DropUploadAction): Uploads {
  const [uploads, setUploads] = useState<Upload[]>([...first]);
  const [sending, setSending] = useState<ReadonlySet<string>>(new Set());
  const [problem, setProblem] = useState<string | null>(null);
  const stop = useRef(new AbortController());
  const note = useCallback(
    (upload: Upload) => setUploads((all) => [upload, ...all.filter(({ id }) => id !== upload.id)].sort(newestFirst)),
    [],
  );
  const goOn = useCallback(
    async (upload: Upload, file: File) => {
      setSending((ids) => new Set(ids).add(upload.id));
      try {
        await sendPieces(upload, file, { signal: stop.current.signal, onPiece: note });
        if (!stop.current.signal.aborted) await keptFiles.remove(upload.id);
      } catch (error) {
        setProblem((error as Error).message);
      }
      setSending((ids) => new Set([...ids].filter((id) => id !== upload.id)));
    },
    [note],
  );
  const send = useCallback(
    async (file: File) => {
      setProblem(null);
      try {
        const upload = await startUpload(slug, file, await keyOfFile(file));
        note(upload);
        await keptFiles.put(upload.id, file);
        await goOn(upload, file);
      } catch (error) {
        setProblem((error as Error).message);
      }
    },
    [slug, note, goOn],
  );
  // A tab that is sending its pieces is told by the server with the next one.
  const drop = useCallback(
    async (upload: Upload) => {
      const result = await runAction(dropUpload, { id: upload.id });
      if (!result.ok) return setProblem(result.error.message);
      setProblem(null);
      note({ ...upload, status: 'dropped' });
      await keptFiles.remove(upload.id);
    },
    [dropUpload, note],
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, for what was under way when the page was opened
  useEffect(() => {
    const controller = new AbortController();
    stop.current = controller;
    for (const upload of first) {
      if (upload.status !== 'receiving') continue;
      void keptFiles.get(upload.id).then((file) => {
        if (file && !controller.signal.aborted) void goOn(upload, file);
      });
    }
    return () => controller.abort();
  }, []);
  const reading = uploads
    .filter(({ status }) => status === 'reading')
    .map(({ id }) => id)
    .join(' ');
  useEffect(() => {
    if (!reading) return;
    const timer = setInterval(() => {
      for (const id of reading.split(' ')) void readUpload(id).then(note, () => {});
    }, pollMs);
    return () => clearInterval(timer);
  }, [reading, note]);
  return { uploads: uploads.filter(({ status }) => status !== 'dropped'), sending, problem, send, drop };
}

const newestFirst = (a: Upload, b: Upload) => (a.id < b.id ? 1 : -1);
