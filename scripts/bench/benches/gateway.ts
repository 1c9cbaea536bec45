import { resolve } from 'node:path';
import { cpuSecondsOf } from '../gateway/cpu-seconds-of.ts';
import { measureFirstToken, quantile } from '../gateway/first-token.ts';
import { measureIdleWatchers } from '../gateway/idle-watchers.ts';
import { openInstallation } from '../gateway/installation.ts';
import { openPayer } from '../gateway/open-payer.ts';
import type { BenchContext } from '../main.ts';

export const description =
  'what the gateway adds to the first token, and what 500 idle watchers of a run cost; --data <folder> of a running OpenLedger';

/** `--rounds` times 20 pairs, on the whole paid way: key, limits, price hold on a channel. On a devnet, whose account 0 pays. */
export async function run({ emit, log, rounds, dataPath }: BenchContext): Promise<void> {
  const place = openInstallation(resolve(dataPath ?? '.data'));
  try {
    const model = await place.findModel();
    if (!model) throw new Error('no model is live there yet');
    const payer = await openPayer(place);
    const apiKey = await place.keyOf(payer);
    const pairs = Math.min(95, rounds * 20); // an account has 120 answers a minute, 20 of them to warm up and with new keys
    const cpuBefore = place.webPid === null ? null : cpuSecondsOf(place.webPid);
    const times = await measureFirstToken(place, {
      model: model.slug,
      adapterId: model.adapterId,
      apiKey,
      payer,
      pairs,
    });
    const at = (share: number) => ({ direct: quantile(times.directMs, share), added: quantile(times.addedMs, share) });
    log(`serve alone: p50 ${at(0.5).direct.toFixed(1)} ms, p95 ${at(0.95).direct.toFixed(1)} ms over ${pairs} pairs`);
    const proxyMs = quantile(times.proxyAddedMs, 0.5);
    log(`such a proxy alone adds: p50 ${proxyMs.toFixed(1)} ms`);
    emit({ case: 'added to the first token, p50', value: at(0.5).added, unit: 'ms', target: { atMost: 5 } });
    emit({
      case: 'the same for the first answer of a key, p50',
      value: quantile(times.newKeyAddedMs, 0.5),
      unit: 'ms',
    });
    emit({ case: 'of that beyond a proxy that only passes bytes on', value: at(0.5).added - proxyMs, unit: 'ms' });
    if (cpuBefore !== null) {
      const spent = (cpuSecondsOf(place.webPid!) - cpuBefore) / (pairs + 20);
      emit({ case: 'CPU of the web process an answer', value: spent * 1000, unit: 'ms' }); // holds also beside busy neighbours
    }
    emit({ case: 'added to the first token, p95', value: at(0.95).added, unit: 'ms' });
    const { idle, watched } = await measureIdleWatchers(place, { watchers: 500, seconds: 20 });
    log(`the web process without watchers: ${(idle * 100).toFixed(1)} % of a core`);
    const cost = { case: '500 idle watchers of a run', value: Math.max(0, watched - idle) * 100, unit: '% of a core' };
    emit({ ...cost, target: { atMost: 5 } });
  } finally {
    await place.close();
  }
}
