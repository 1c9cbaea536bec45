/**
 * `npm run verify -- <receipt id | receipt.json | folder> ...`: recomputes receipts and names the first step that differs. Exit 0:
 * all that could be checked comes out the same · 1: a step differs · 2: something could not be fetched or read.
 */
import type { Address } from 'viem';
import { firstDifference, type StepOutcome } from '#lib/kernel/verification/step-outcome.ts';
import { createChainClient } from '#lib/platform/chain/client.ts';
import { readDeployment } from '#lib/platform/deployment.ts';
import { findSetting } from './audit/read-settings.ts';
import { parseOptions, usage, type VerifyOptions } from './verify/options.ts';
import { openReceiptServer } from './verify/receipt-server.ts';
import { openRecomputationPool } from './verify/recomputation-pool.ts';
import { type VerifiedReceipt, verifyTarget } from './verify/verify-target.ts';

const marks = { ok: 'ok  ', differs: 'NO  ', skipped: '--  ' } as const;

async function main(options: VerifyOptions): Promise<number> {
  const url = options.server ?? findSetting('APP_URL');
  const chain = openChain(options);
  const operator = chain?.deployment.config.operator;
  const gateway = (options.gateway ?? (typeof operator === 'string' ? operator.toLowerCase() : null)) as Address | null;
  const server = url ? openReceiptServer(url, options.apiKey) : null;
  const left = options.targets.values();
  const lanes = Array.from({ length: options.threads }, async () => {
    const engines = openRecomputationPool();
    let worst = 0;
    for (const target of left) {
      const code = await verifyOne(target, { options, server, chain, gateway, engines });
      worst = Math.max(worst, code);
    }
    await engines.close();
    return worst;
  });
  return Math.max(...(await Promise.all(lanes)));
}

/** Prints what comes out of one receipt; returns the exit status that it asks for. */
async function verifyOne(target: string, place: Parameters<typeof verifyTarget>[1]): Promise<number> {
  const { options, server } = place;
  try {
    const result = await verifyTarget(target, place);
    if (options.json) console.log(JSON.stringify(result));
    else console.log([target, ...result.steps.map(stepLine), verdict(result)].join('\n'));
    const isWrong = firstDifference(result.steps) !== null;
    if (isWrong && options.challenge && server && result.receiptId) {
      console.log(await server.challenge(result.receiptId));
    }
    return isWrong ? 1 : 0;
  } catch (error) {
    console.error(`verify: ${target} could not be checked: ${(error as Error).message}`);
    return 2;
  }
}

function openChain({ rpc, deployment }: VerifyOptions) {
  const [url, file] = [rpc ?? findSetting('RPC_URL'), deployment ?? findSetting('DEPLOYMENT_FILE')];
  if (!url || !file) return null;
  const facts = readDeployment(file);
  return { chain: createChainClient({ CHAIN_ID: facts.chainId, RPC_URL: url }), deployment: facts };
}

function stepLine({ name, state, detail }: StepOutcome): string {
  return `${marks[state]} ${name.padEnd(44)} ${state === 'skipped' ? `not checked: ${detail}` : detail}`;
}

function verdict({ steps }: VerifiedReceipt): string {
  const wrong = firstDifference(steps);
  if (wrong) return `FIRST DIFFERENCE: ${wrong.name}. ${wrong.detail}. Nothing after it was checked.\n`;
  const open = steps.filter(({ state }) => state === 'skipped').length;
  const checked = steps.length - open;
  return open === 0
    ? `Every step comes out as the receipt says (${checked} steps).\n`
    : `What could be checked comes out as the receipt says (${checked} steps); ${open} could not, see "not checked".\n`;
}

try {
  const options = parseOptions(process.argv.slice(2));
  if (options.targets.length === 0) throw new Error(usage);
  process.exitCode = await main(options);
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 2;
}
