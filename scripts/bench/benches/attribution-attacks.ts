import { writeFile } from 'node:fs/promises';
import type { AttackFigures } from '#lib/attacks/types.ts';
import { type AttackName, attackNames } from '#lib/attacks/types.ts';
import { type Arm, runTrials, type Trial, type TrialResult } from '../attacks/run-trials.ts';
import { type AttackedInWorld, summarise } from '../attacks/summarise.ts';
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
/** Controls of a world that say what its accounts earn honestly. Draw 0 is not among them: it is held against them itself. */
const honestDraws: readonly number[] = [1, 2, 3, 4];
/** Random choices tried in each world by the attacks nearest to their bound. */
const drawsOf: Partial<Record<AttackName, readonly number[]>> = { spam: [0, 1, 2], poison: [0, 1] };

export async function run({ emit, log, rounds }: BenchContext): Promise<void> {
  const seeds = Array.from({ length: 4 * rounds }, (_, i) => i + 1);
  const results = await runTrials([...trialsOf('ours', attackNames, seeds), ...peerTrials(seeds)], log);
  const table: Record<string, AttackFigures> = {};
  for (const attack of attackNames) {
    const figures = summarise(worldsOf(results, 'ours', attack));
    table[attack] = figures;
    tell(emit, attack, figures);
  }
  const compared: { arm: string; attack: AttackName; figures: AttackFigures }[] = [];
  for (const { arm, attacks } of peers) {
    for (const attack of attacks) {
      const figures = summarise(worldsOf(results, arm, attack));
      compared.push({ arm, attack, figures });
      emit({ case: `${attack}, ${arm}: gain, ${figures.trials} trials`, value: figures.gain, unit: 'x' });
    }
  }
  if (rounds >= 5) await publish(rounds, { table, compared });
}

/** The attacks in each world, and the controls that they are held against. */
function trialsOf(arm: Arm, attacks: readonly AttackName[], seeds: readonly number[]): Trial[] {
  return seeds.flatMap((seed) => [
    ...attacks.flatMap((attack) => (drawsOf[attack] ?? [0]).map((draw): Trial => ({ arm, attack, seed, draw }))),
    ...honestDraws.map((draw): Trial => ({ arm, attack: 'control', seed, draw })),
  ]);
}

function peerTrials(seeds: readonly number[]): Trial[] {
  return peers.flatMap(({ arm, attacks, every }) =>
    trialsOf(
      arm,
      attacks,
      seeds.filter((_, i) => i % every === 0),
    ),
  );
}

function worldsOf(results: readonly TrialResult[], arm: Arm, attack: AttackName): AttackedInWorld[] {
  const seeds = [...new Set(results.filter((trial) => trial.arm === arm).map(({ seed }) => seed))];
  return seeds.map((seed) => {
    const of = (name: AttackName, draws: readonly number[]) =>
      results
        .filter((trial) => trial.arm === arm && trial.seed === seed && trial.attack === name)
        .filter(({ draw }) => draws.includes(draw))
        .map(({ result }) => result);
    return { results: of(attack, drawsOf[attack] ?? [0]), controls: of('control', honestDraws) };
  });
}

function tell(emit: BenchContext['emit'], attack: AttackName, figures: AttackFigures): void {
  const isReported = reported.includes(attack);
  const atMost = exact.includes(attack) ? 1 : 1.05;
  const target = isReported ? {} : { target: { atMost } };
  const interval = { low: figures.gainLow, high: figures.gainHigh };
  const against = attack === 'control' ? 'one control against the others' : 'against the honest value';
  emit({
    case: `${attack}: gain ${against}, ${figures.trials} worlds`,
    ...{ value: figures.gain, unit: 'x', interval },
    ...target,
  });
  emit({ case: `${attack}: gain against the one run before`, value: figures.gainOnRunBefore, unit: 'x' });
  emit({ case: `${attack}: median gain`, value: figures.medianGain, unit: 'x', ...target });
  const worst = exact.includes(attack) ? { target: { atMost } } : {};
  emit({ case: `${attack}: worst gain`, value: figures.worstGain, unit: 'x', ...worst });
  const loss = isReported ? {} : { target: { atMost: 0.02 } };
  emit({ case: `${attack}: honest contributors lose`, value: figures.honestLoss, unit: 'share', ...loss });
}

/** For the page "Can this be gamed?". */
async function publish(rounds: number, figures: object): Promise<void> {
  const file = new URL('../../../lib/attacks/figures.json', import.meta.url);
  const command = `npm run bench -- attribution-attacks --rounds ${rounds}`;
  await writeFile(
    file,
    `${JSON.stringify({ command, date: new Date().toISOString().slice(0, 10), ...figures }, null, 1)}\n`,
  );
}
