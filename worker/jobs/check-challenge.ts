import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { indexFileName } from '#lib/attribution/get-index-file.ts';
import { getReceiptFiles } from '#lib/attribution/get-receipt-files.ts';
import { collectEvidence } from '#lib/challenges/collect-evidence.ts';
import { decideChallenge } from '#lib/challenges/decide-challenge.ts';
import { freezeEpoch } from '#lib/challenges/freeze-epoch.ts';
import type { ReceiptVerifier } from '#lib/challenges/types.ts';
import type { StepOutcome } from '#lib/kernel/verification/step-outcome.ts';
import { verifyEvidence } from '#lib/kernel/verification/verify-evidence.ts';
import { hashFile, openFileSource } from '#lib/platform/file-source.ts';
import type { Jobs } from '#lib/platform/queue/job-queue.ts';
import type { WorkerDeps } from '../deps.ts';
import { findAdapter, servedFiles } from '../find-adapter.ts';
import { openRecomputation } from '../recomputation.ts';

type CheckDeps = Pick<
  WorkerDeps,
  'db' | 'store' | 'chain' | 'deployment' | 'operator' | 'log' | 'now' | 'randomBytes'
> & {
  env: Pick<WorkerDeps['env'], 'MODELS_DIR'>;
};

/** Computes a challenged receipt again; one that differs is frozen, also on chain while its period's window is open. */
export async function checkChallengeJob(deps: CheckDeps, { challengeId }: Jobs['check-challenge']): Promise<void> {
  const decision = await decideChallenge(deps, receiptVerifier(deps), challengeId);
  if (decision?.status === 'upheld') await freezeEpoch(deps, { challengeId, receiptId: decision.receiptId });
}

/**
 * The steps of `npm run verify`, with everything that the gateway has. The adapter's files are fetched anew into a folder of their
 * own: not what the serving or attributing processes hold in their caches is checked, but what is stored.
 */
export function receiptVerifier(deps: CheckDeps): ReceiptVerifier {
  return async (receiptId) => {
    const dir = await mkdtemp(join(tmpdir(), 'challenge-'));
    const toClose: { close(): Promise<void> }[] = [];
    try {
      const { adapterId, adapterPrefix } = await getReceiptFiles(deps.db, receiptId);
      for (const name of [...servedFiles, indexFileName]) {
        await writeFile(join(dir, name), await deps.store.get(`${adapterPrefix}/${name}`));
      }
      const indexFile = join(dir, indexFileName);
      const source = await openFileSource(indexFile);
      const { baseModel } = await findAdapter(deps, adapterId);
      const modelDir = join(resolve(deps.env.MODELS_DIR), baseModel);
      const recomputation = openRecomputation({ modelDir, adapterDir: dir, indexFile });
      toClose.push(source, recomputation);
      const evidence = await collectEvidence(deps, receiptId, {
        index: async () => ({ source, sha256: await hashFile(indexFile) }),
        recompute: async () => recomputation,
      });
      const steps: StepOutcome[] = [];
      for await (const step of verifyEvidence(evidence)) steps.push(step);
      return steps;
    } finally {
      await Promise.all(toClose.map((one) => one.close()));
      await rm(dir, { recursive: true, force: true });
    }
  };
}
