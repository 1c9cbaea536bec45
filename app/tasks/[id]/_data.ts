import 'server-only';
import { cache } from 'react';
import { buildDeps } from '#app/_server/deps.ts';
import { getActor } from '#app/_server/session.ts';
import { findChannelForAccount, freeWeiOf } from '#lib/serving/queries.ts';
import { findTaskChain } from '#lib/tasks/find-task-chain.ts';
import { findTaskView } from '#lib/tasks/queries.ts';
import { taskOpenMs } from '#lib/tasks/rules.ts';
import type { TaskView } from '#lib/tasks/types.ts';

/** A task with its chain and how far it has come; null: there is none. */
export const loadTask = cache(async (id: string) => {
  const { db, env, now } = buildDeps();
  const [chain, view] = await Promise.all([findTaskChain(db, id), findTaskView(db, id, now())]);
  if (!chain || !view) return null;
  return { chain, view, offer: await loadOffer(view), url: new URL(`/tasks/${id}`, env.APP_URL).href };
});

/** What an open task with a price asks of its asker; null for everybody else. A visitor may be the asker: `freeWei` is null then. */
async function loadOffer({ task, status }: TaskView) {
  const priceWei = BigInt(task.priceWei);
  if (status !== 'open' || priceWei === 0n || task.asker === null) return null;
  const until = new Date(Date.parse(task.openedAt) + taskOpenMs);
  const actor = await getActor();
  if (actor.kind !== 'account') return { priceWei, until, asker: task.asker, freeWei: null };
  if (actor.address !== task.asker) return null;
  const { db, deployment } = buildDeps();
  const channel = await findChannelForAccount(db, actor.address, deployment.addresses.revenueRouter);
  return { priceWei, until, asker: task.asker, freeWei: channel ? freeWeiOf(channel) : 0n };
}
