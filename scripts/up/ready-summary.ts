import { join, relative } from 'node:path';
import { toHex } from 'viem';
import { devnetChainId } from '../../lib/platform/env.ts';
import { devnetAccount } from '../contracts/devnet-config.ts';
import type { Plan } from './plan-environment.ts';

/** The last lines of a start: where to go, and how a wallet gets in. */
export function readySummary(plan: Plan, options: { dataDir: string; seconds: string }): string {
  const { APP_URL, RPC_URL, CHAIN_ID } = plan.env;
  const absolute = join(options.dataDir, 'logs');
  const short = relative(process.cwd(), absolute);
  const logs = short.startsWith('..') ? absolute : short;
  return [
    '',
    `Ready in ${options.seconds} s:  ${APP_URL}`,
    '',
    `  chain     RPC ${RPC_URL}, chain id ${CHAIN_ID}, currency ETH`,
    ...(CHAIN_ID === devnetChainId ? devnetAccountLines() : []),
    `  logs      ${logs}/<web|jobs|serve|index|chain|postgres>.log`,
    '  stop      Ctrl-C',
    '',
  ].join('\n');
}

function devnetAccountLines(): string[] {
  const account = devnetAccount(1);
  return [
    '  wallet    add that network, then import devnet account 1 by its private key:',
    `            address ${account.address}`,
    `            key     ${toHex(account.getHdKey().privateKey!)}`,
    '            It holds test ETH and OPEN. This key is known to everybody and worthless: never send it real money.',
  ];
}
