'use client';

import { useEffect, useRef, useState } from 'react';
import type { ActionResult } from '#lib/kernel/result.ts';
import type { OwnDatanetState, OwnRowsActions } from './own-rows-actions.ts';
import { type OwnFile, type ownTerms, partsOf } from './own-rows-file.ts';

const lookEveryMs = 2_000;

/** Sends a file of one's own and follows the Datanet made of it to its first version; `onVersion` gets that one's id. */
export function useOwnRows(actions: OwnRowsActions, datanetId: string, onVersion: (versionId: string) => void) {
  const [state, setState] = useState<OwnDatanetState | null>(null);
  const [error, setError] = useState<string | null>(null);
  const [sent, setSent] = useState<{ done: number; of: number } | null>(null);
  const tell = useRef(onVersion);
  tell.current = onVersion;

  useEffect(() => {
    if (datanetId === '') return setState(null);
    let isCurrent = true;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = async () => {
      const found = await actions.look({ datanetId }).catch(() => null);
      if (!isCurrent) return;
      if (found?.ok) {
        setState(found.data);
        setError(null);
        const { newest, acceptedRows } = found.data;
        if (newest) return tell.current(newest.id);
        if (acceptedRows > 0) {
          const frozen = await actions.freeze({ datanetId }).catch(() => null);
          if (isCurrent && frozen && !frozen.ok) setError(frozen.error.message);
        }
      } else if (found) setError(found.error.message);
      timer = setTimeout(() => void look(), lookEveryMs);
    };
    void look();
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [actions, datanetId]);

  const send = async (file: OwnFile, terms: ReturnType<typeof ownTerms>): Promise<string | null> => {
    setError(null);
    try {
      const created = dataOf(await actions.create(terms));
      dataOf(await actions.close({ datanetId: created.id, tier: 'gated' }));
      const parts = partsOf(file);
      for (const [i, rows] of parts.entries()) {
        setSent({ done: i, of: parts.length });
        const key = `own:${created.id}:${file.name.slice(0, 40)}:${i}`;
        dataOf(
          await actions.bring({ datanetId: created.id, source: file.name.slice(0, 120), idempotencyKey: key, rows }),
        );
      }
      return created.id;
    } catch (problem) {
      setError((problem as Error).message);
      return null;
    } finally {
      setSent(null);
    }
  };
  return { state, error, sent, send };
}

function dataOf<T>(result: ActionResult<T>): T {
  if (!result.ok) throw new Error(result.error.message);
  return result.data;
}
