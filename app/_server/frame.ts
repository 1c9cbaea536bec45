import 'server-only';
import { findIndexedBlock, listLiveness } from './chain-state.ts';
import { buildDeps } from './deps.ts';
import { getSession } from './session.ts';
import { getWalletConfig } from './wallet-config.ts';

/** What the frame of every page shows. A database that is down takes the session and the block, never the whole page. */
export async function getFrame() {
  const deps = buildDeps();
  const config = getWalletConfig();
  try {
    const [session, block, liveness] = await Promise.all([getSession(), findIndexedBlock(deps), listLiveness(deps)]);
    const indexer = liveness.find((entry) => entry.process === 'index');
    const lag = Number(indexer?.facts.lag ?? 0);
    const state = !indexer?.up ? 'unknown' : lag > 5 ? 'behind' : 'current';
    return { config, session: session?.address ?? null, block, state } as const;
  } catch (error) {
    deps.log.error({ err: error }, 'the page frame could not read the database');
    return { config, session: null, block: null, state: 'unknown' } as const;
  }
}
