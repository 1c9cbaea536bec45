import 'server-only';
import { unstable_cache } from 'next/cache';
import { revenueRouterAbi } from '#contracts-abi/revenue-router.ts';
import { buildDeps } from './deps.ts';

/**
 * The protocol fee that the router takes now, in bps; governance may change it. At most a minute old, the deployment's own where the
 * chain does not answer: pages say what a question would pay, periods are booked by what was really taken (lib/rewards/fee-rates.ts).
 */
export async function loadProtocolFeeBps(): Promise<number> {
  const { deployment } = buildDeps();
  return readFee(deployment.addresses.revenueRouter).catch(() => deployment.config.protocolFeeBps);
}

const readFee = unstable_cache(
  async (address: `0x${string}`) => {
    const { chain } = buildDeps();
    return Number(await chain.readContract({ address, abi: revenueRouterAbi, functionName: 'protocolFeeBps' }));
  },
  ['protocol-fee'],
  { revalidate: 60 },
);
