'use client';

import { useCallback, useEffect, useState } from 'react';
import { type Draft, emptyDraft, parseDraft } from './draft.ts';

export type DraftState = {
  /** Null until the browser has looked for a stored one. */
  draft: Draft | null;
  change: (change: Partial<Draft>) => void;
  /** Throws the draft away and starts a new one with a new idempotency key. */
  clear: () => void;
  /** False when the browser would not keep the draft (full or private storage): then it lives in this tab only. */
  kept: boolean;
};

/** A draft that survives a reload and a closed tab, one for each Datanet. */
export function useDraft(slug: string): DraftState {
  const storageKey = `openledger.contribution-draft.${slug}`;
  const [draft, setDraft] = useState<Draft | null>(null);
  const [kept, setKept] = useState(true);
  useEffect(() => {
    setDraft(parseDraft(readStorage(storageKey)) ?? emptyDraft(crypto.randomUUID()));
  }, [storageKey]);
  useEffect(() => {
    if (draft) setKept(writeStorage(storageKey, JSON.stringify(draft)));
  }, [storageKey, draft]);
  const change = useCallback((part: Partial<Draft>) => setDraft((old) => old && { ...old, ...part }), []);
  const clear = useCallback(() => setDraft(emptyDraft(crypto.randomUUID())), []);
  return { draft, change, clear, kept };
}

function readStorage(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function writeStorage(key: string, text: string): boolean {
  try {
    localStorage.setItem(key, text);
    return true;
  } catch {
    try {
      localStorage.removeItem(key); // a stale copy would come back as if it were the newest
    } catch {
      // storage is off altogether
    }
    return false;
  }
}
