import { buildContracts } from '../contracts/build.ts';
import { checkActions } from './check-actions.ts';
import { checkBoundaries } from './check-boundaries.ts';
import { checkEnv } from './check-env.ts';
import { checkSize } from './check-size.ts';

/** `node scripts/check/main.ts [name...]`: runs the named checks, or all. Each problem is a line; exits 1 on any. */
const checks: Record<string, () => Promise<string[]>> = {
  boundaries: checkBoundaries,
  size: () => checkSize(console.log),
  actions: checkActions,
  env: checkEnv,
  abi: async () => {
    const outcome = await buildContracts({ check: true });
    return typeof outcome === 'object' ? outcome.drift.map((name) => `contracts-abi/${name} is stale`) : [];
  },
};

const wanted = process.argv.slice(2);
for (const name of wanted.length > 0 ? wanted : Object.keys(checks)) {
  const check = checks[name];
  if (!check) throw new Error(`there is no check ${name}; there are ${Object.keys(checks).join(', ')}`);
  // A check that breaks down must not hide the others.
  const problems = await check().catch((error: unknown) => [String((error as Error).stack ?? error)]);
  for (const problem of problems) console.error(`  ${problem}`);
  console.log(`${problems.length === 0 ? 'passed' : 'failed'} ${name}`);
  if (problems.length > 0) process.exitCode = 1;
}
