import 'server-only';
import { askerOf } from '#app/_server/asker-of.ts';
import { buildDeps } from '#app/_server/deps.ts';
import { loadProtocolFeeBps } from '#app/_server/protocol-fee.ts';
import { getActor } from '#app/_server/session.ts';
import { listPlaygroundModels } from '#lib/serving/playground-models.ts';
import { listChannelsOf } from '#lib/serving/queries.ts';

/** Models to choose from and how this visitor would pay. */
export async function loadPlayground() {
  const deps = buildDeps();
  const actor = await getActor();
  const [models, channels] = await Promise.all([
    listPlaygroundModels(deps.db, undefined, askerOf(deps, actor)),
    actor.kind === 'account' ? listChannelsOf(deps.db, actor.address, deps.deployment.addresses.revenueRouter) : [],
  ]);
  return {
    models,
    pays: channels.length > 0,
    protocolFeeBps: await loadProtocolFeeBps(),
    freePerDay: deps.env.FREE_ANSWERS_PER_DAY,
  };
}
