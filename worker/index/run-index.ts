import { indexStep } from '#lib/platform/indexer/index-step.ts';
import type { WorkerDeps } from '../deps.ts';
import { beat, type HeartbeatFacts } from '../heartbeat.ts';
import { repeat } from '../repeat.ts';
import { watchMoney } from './watch-money.ts';

const pauseMs = 500;
const batchSizeMax = 1_000;

/** Follows the chain until `signal` aborts. Nodes that refuse long ranges are asked for shorter ones. */
export async function runIndex(deps: WorkerDeps, signal: AbortSignal): Promise<void> {
  let facts: HeartbeatFacts = { height: 0, head: 0, lag: 0, rollbacks: 0 };
  let rollbacks = 0;
  let batchSize = batchSizeMax;
  const beating = beat(deps, 'index', () => facts, signal);
  const watching = watchMoney(deps, signal);
  await repeat({ name: 'indexing', pauseMs, signal, log: deps.log }, async () => {
    try {
      const { height, head, rolledBackTo } = await indexStep(deps, { batchSize });
      if (rolledBackTo !== undefined) {
        rollbacks += 1;
        deps.log.warn({ rolledBackTo, head }, 'the chain replaced blocks; indexed again from there');
      }
      facts = { height, head, lag: head - height, rollbacks };
      batchSize = Math.min(batchSizeMax, batchSize * 2);
      return { again: height < head };
    } catch (error) {
      batchSize = Math.max(1, batchSize >> 1);
      throw error;
    }
  });
  await Promise.all([beating, watching]);
}
