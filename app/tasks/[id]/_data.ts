import 'server-only';
import { cache } from 'react';
import { buildDeps } from '#app/_server/deps.ts';
import { findTaskChain } from '#lib/tasks/find-task-chain.ts';
import { findTaskView } from '#lib/tasks/queries.ts';

/** A task with its chain and how far it has come; null: there is none. */
export const loadTask = cache(async (id: string) => {
  const { db, env, now } = buildDeps();
  const [chain, view] = await Promise.all([findTaskChain(db, id), findTaskView(db, id, now())]);
  return chain && view ? { chain, view, url: new URL(`/tasks/${id}`, env.APP_URL).href } : null;
});
