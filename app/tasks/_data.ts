import 'server-only';
import { buildDeps } from '#app/_server/deps.ts';
import { getActor } from '#app/_server/session.ts';
import { listTasks } from '#lib/tasks/list-tasks.ts';

/** The account's newest tasks, asked and worked on; null for a visitor. */
export async function loadTasks() {
  const actor = await getActor();
  return actor.kind === 'account' ? listTasks(buildDeps(), actor, { limit: 100 }) : null;
}
