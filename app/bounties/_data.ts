import 'server-only';
import { buildDeps } from '#app/_server/deps.ts';
import { getActor } from '#app/_server/session.ts';
import { bountiesAbi } from '#contracts-abi/bounties.ts';
import { openTokenAbi } from '#contracts-abi/open-token.ts';
import { BountyAwardInvalidError, BountyForbiddenError, BountyNotFoundError } from '#lib/bounties/errors.ts';
import { getBounty } from '#lib/bounties/get-bounty.ts';
import { listAwardableRows } from '#lib/bounties/list-awardable-rows.ts';
import { listBounties } from '#lib/bounties/list-bounties.ts';
import { listWishes } from '#lib/bounties/list-wishes.ts';
import type { ListBountiesInput } from '#lib/bounties/schema.ts';
import type { BountyDetail } from '#lib/bounties/types.ts';
import { getDatanet } from '#lib/datanets/get-datanet.ts';
import { listDatanets } from '#lib/datanets/list-datanets.ts';
import { listDatanetsSchema } from '#lib/datanets/schema.ts';
import { chainNow } from '#lib/platform/chain/chain-now.ts';
import type { Actor } from '#lib/platform/deps.ts';

/** A page of bounties and, for who is signed in, what their own use showed to be missing. */
export async function loadBounties(input: ListBountiesInput) {
  const deps = buildDeps();
  const actor = await getActor();
  const [page, wishes] = await Promise.all([
    listBounties(deps, input),
    actor.kind === 'account' ? listWishes(deps, actor) : [],
  ]);
  return { page, wishes };
}

/** One of the reader's own wishes, to begin a goal with; null when it is none of theirs. */
export async function findWish(id: string | undefined) {
  const actor = await getActor();
  if (!id || actor.kind !== 'account') return null;
  return (await listWishes(buildDeps(), actor)).find(({ source }) => source.id === id) ?? null;
}

/** The newest hundred Datanets, offered while the address of one is typed. */
export async function listDatanetNames(): Promise<{ slug: string; title: string }[]> {
  const { items } = await listDatanets(buildDeps().db, listDatanetsSchema.parse({ limit: 100 }));
  return items.map(({ slug, title }) => ({ slug, title }));
}

/** One bounty and the reader's part in it; null when there is none. */
export async function loadBounty(id: string) {
  const deps = buildDeps();
  const bounty = await getBounty(deps, id).catch((error) => {
    if (error instanceof BountyNotFoundError) return null;
    throw error;
  });
  if (!bounty) return null;
  const actor = await getActor();
  const reader = actor.kind === 'account' ? actor.address : null;
  const opens = bounty.state === 'unopened' && bounty.author === reader;
  const [{ registryId }, now, balanceWei, minWindowSeconds, awardable] = await Promise.all([
    getDatanet(deps.db, bounty.datanet.id),
    chainNow(deps),
    reader && balanceOf(reader),
    opens ? readMinWindow() : 0,
    findAwardable(bounty, actor),
  ]);
  const nowMs = now.getTime();
  return { bounty, registryId, nowMs, reader, balanceWei: balanceWei ?? 0n, minWindowSeconds, awardable };
}

function balanceOf(account: `0x${string}`): Promise<bigint> {
  const { chain, deployment } = buildDeps();
  const address = deployment.addresses.openToken;
  return chain.readContract({ address, abi: openTokenAbi, functionName: 'balanceOf', args: [account] });
}

/** Seconds that every award leaves its sponsors at least: an hour, less on test chains. 0 where the chain has no bounties. */
async function readMinWindow(): Promise<number> {
  const { chain, deployment } = buildDeps();
  const address = deployment.addresses.bounties;
  return address ? Number(await chain.readContract({ address, abi: bountiesAbi, functionName: 'MIN_WINDOW' })) : 0;
}

/** Rows for a curator to choose from, or why there are none; null for who does not decide. */
async function findAwardable(bounty: BountyDetail, actor: Actor) {
  if (actor.kind !== 'account' || bounty.state !== 'awarding' || bounty.kind === 'run') return null;
  try {
    return { rows: await listAwardableRows(buildDeps(), actor, bounty.id), problem: null };
  } catch (error) {
    if (error instanceof BountyForbiddenError) return null;
    if (error instanceof BountyAwardInvalidError) return { rows: [], problem: error.message };
    throw error;
  }
}
