'use client';

import { useEffect, useState } from 'react';
import type { KnownExample } from '#lib/contributions/types.ts';
import type { DatanetField } from '#lib/datanets/types.ts';
import { type Action, runAction } from '../action-types.ts';
import type { CheckedDraft } from './check-rows.ts';
import type { Draft } from './draft.ts';

export type PreviewAction = Action<
  { datanetId: string; contentHashes: string[] },
  { known: (KnownExample & { contentHash: string })[] }
>;

export type CheckState =
  | { status: 'empty' }
  | { status: 'checking' }
  | { status: 'refused'; message: string }
  /** `compared` is false while, or because, the server could not be asked about stored rows. */
  | { status: 'checked'; checked: CheckedDraft; compared: boolean; problem?: string };

const hashesPerCall = 2_000;
const typingPauseMs = 250;

/** Judges a draft whenever it changes: at once in the browser, then against the stored rows by their hashes. */
export function useCheckedDraft(
  draft: Draft | null,
  datanet: { id: string; fields: readonly DatanetField[]; language: string },
  preview: PreviewAction,
): CheckState {
  const [state, setState] = useState<CheckState>({ status: 'empty' });
  const { id, fields, language } = datanet;
  useEffect(() => {
    if (!draft) return;
    let stale = false;
    const set = (next: CheckState) => !stale && setState(next);
    const timer = setTimeout(() => void check(draft, { id, fields, language }, preview, set), typingPauseMs);
    return () => {
      stale = true;
      clearTimeout(timer);
    };
  }, [draft, id, fields, language, preview]);
  return state;
}

async function check(
  draft: Draft,
  datanet: { id: string; fields: readonly DatanetField[]; language: string },
  preview: PreviewAction,
  set: (state: CheckState) => void,
): Promise<void> {
  const { checkDraft } = await import('./check-rows.ts');
  try {
    const first = checkDraft(draft, datanet.fields, new Map(), datanet.language);
    if (!first) return set({ status: 'empty' });
    set({ status: 'checked', checked: first, compared: false });
    const hashes = first.rows.flatMap(({ verdict }) => (verdict.kind === 'new' ? [verdict.contentHash] : []));
    const answer = await findKnown(datanet.id, hashes, preview);
    if (typeof answer === 'string') return set({ status: 'checked', checked: first, compared: false, problem: answer });
    const checked = answer.size === 0 ? first : checkDraft(draft, datanet.fields, answer, datanet.language)!;
    set({ status: 'checked', checked, compared: true });
  } catch (error) {
    set({ status: 'refused', message: (error as Error).message });
  }
}

/** Stored rows among these hashes, or why they could not be asked for. */
async function findKnown(
  datanetId: string,
  hashes: string[],
  preview: PreviewAction,
): Promise<Map<string, KnownExample> | string> {
  const known = new Map<string, KnownExample>();
  for (let start = 0; start < hashes.length; start += hashesPerCall) {
    const contentHashes = hashes.slice(start, start + hashesPerCall);
    const result = await runAction(preview, { datanetId, contentHashes });
    if (!result.ok) return result.error.message;
    for (const { contentHash, ...example } of result.data.known) known.set(contentHash, example);
  }
  return known;
}
