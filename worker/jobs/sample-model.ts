import { ensureSampleModel } from '#db/seed/seed-model.ts';
import type { WorkerDeps } from '../deps.ts';
import { repeat } from '../repeat.ts';

const pauseMs = 4_000;

/** On the devnet, takes the sample model step by step to being live; then, or where nothing can be done, it stops asking. */
export async function bringUpSampleModel(deps: WorkerDeps, signal: AbortSignal): Promise<void> {
  const settled = new AbortController();
  const either = AbortSignal.any([signal, settled.signal]);
  let said = '';
  await repeat({ name: 'sample model', pauseMs, signal: either, log: deps.log }, async () => {
    const state = await ensureSampleModel(deps);
    if (state !== said) deps.log.info({ state }, 'sample model');
    said = state;
    if (state === 'live' || state === 'not-here') settled.abort();
    return {};
  });
}
