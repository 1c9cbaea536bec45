import { writeFile } from 'node:fs/promises';
import type { AttackFigures } from '#lib/attacks/types.ts';
import { type AttackName, attackNames } from '#lib/attacks/types.ts';
import { type Arm, runTrials, type Trial, type TrialResult } from '../attacks/run-trials.ts';
import { summarise } from '../attacks/summarise.ts';
import type { BenchContext } from '../main.ts';

export const description =
  'what attacks on attribution gain: 4 trials a round, each through the whole pipeline, cached';

/** What must not gain a millionth: the training set is the same, or only owners differ. */
const exact: readonly AttackName[] = ['copy-1', 'copy-10', 'copy-100', 'steal-exact', 'wallets-100'];
/** Not defended by attribution but by review (words of one's own choice are no copy to any rule on words); reported. */
const reported: readonly AttackName[] = ['retold', 'poison', 'control'];
/** What each defence is good for: the same attacks without it, in every fourth world. */
const peers: readonly { arm: Arm; attacks: readonly AttackName[]; every: number }[] = [
  { arm: 'every row trained on', every: 4, attacks: ['copy-1', 'copy-10', 'near-case', 'steal-exact', 'ring'] },
  { arm: 'no noise cut', every: 4, attacks: ['spam', 'stuffing', 'outlier', 'shadow'] },
];

export async function run({ emit, log, rounds }: BenchContext): Promise<void> {
  const seeds = Array.from({ length: 4 * rounds }, (_, i) => i + 1);
  const results = await runTrials([...ourTrials(seeds), ...peerTrials(seeds)], log);
  const table: Record<string, AttackFigures> = {};
  for (const attack of attackNames) {
    const figures = summarise(of(results, 'ours', attack));
    table[attack] = figures;
    tell(emit, attack, figures);
  }
  const compared: { arm: string; attack: AttackName; figures: AttackFigures }[] = [];
  for (const { arm, attacks } of peers) {
    for (const attack of attacks) {
      const figures = summarise(of(results, arm, attack));
      compared.push({ arm, attack, figures });
      emit({ case: `${attack}, ${arm}: gain, ${figures.trials} trials`, value: figures.gain, unit: 'x' });
    }
  }
  if (rounds >= 5) await publish({ table, compared });
}

function ourTrials(seeds: readonly number[]): Trial[] {
  return seeds.flatMap((seed) => attackNames.map((attack): Trial => ({ arm: 'ours', attack, seed })));
}

function peerTrials(seeds: readonly number[]): Trial[] {
  return peers.flatMap(({ arm, attacks, every }) =>
    seeds.filter((_, i) => i % every === 0).flatMap((seed) => attacks.map((attack): Trial => ({ arm, attack, seed }))),
  );
}

function of(results: readonly TrialResult[], arm: Arm, attack: AttackName) {
  return results.filter((trial) => trial.arm === arm && trial.attack === attack).map(({ result }) => result);
}

function tell(emit: BenchContext['emit'], attack: AttackName, figures: AttackFigures): void {
  const isReported = reported.includes(attack);
  const atMost = exact.includes(attack) ? 1 : 1.05;
  const target = isReported ? {} : { target: { atMost } };
  const interval = `95 % ${figures.gainLow.toFixed(2)}..${figures.gainHigh.toFixed(2)}`;
  emit({
    case: `${attack}: gain over ${figures.trials} trials (${interval})`,
    value: figures.gain,
    unit: 'x',
    ...target,
  });
  emit({ case: `${attack}: median gain`, value: figures.medianGain, unit: 'x', ...target });
  const worst = exact.includes(attack) ? { target: { atMost } } : {};
  emit({ case: `${attack}: worst gain`, value: figures.worstGain, unit: 'x', ...worst });
  const loss = isReported ? {} : { target: { atMost: 0.02 } };
  emit({ case: `${attack}: honest contributors lose`, value: figures.honestLoss, unit: 'share', ...loss });
}

/** For the page "Can this be gamed?". */
async function publish(figures: object): Promise<void> {
  const file = new URL('../../../lib/attacks/figures.json', import.meta.url);
  const command = 'npm run bench -- attribution-attacks';
  await writeFile(
    file,
    `${JSON.stringify({ command, date: new Date().toISOString().slice(0, 10), ...figures }, null, 1)}\n`,
  );
}
