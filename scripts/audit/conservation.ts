/**
 * `npm run audit:conservation`: proves from the chain, the receipts and the ledger that every wei that was paid in is
 * accounted for: deposits = given back + unspent + being settled + protocol fees + claimed + claimable. Prints the
 * statement; exits 1 with the first difference.
 *
 * Settings: DATABASE_URL, RPC_URL, CHAIN_ID, DEPLOYMENT_FILE, else what the running `npm start` wrote to .data/runtime.json.
 */
import { pathToFileURL } from 'node:url';
import pg from 'pg';
import type { PublicClient } from 'viem';
import { formatOpen } from '../../lib/kernel/money.ts';
import { createChainClient } from '../../lib/platform/chain/client.ts';
import { type Deployment, readDeployment } from '../../lib/platform/deployment.ts';
import { readBookFacts } from './book-facts.ts';
import { readBountyChecks } from './bounty-facts.ts';
import { readChainFacts } from './chain-facts.ts';
import { type Check, type Conservation, checkConservation } from './check-conservation.ts';
import { readSettings } from './read-settings.ts';
import { readVaultChecks } from './vault-facts.ts';

export type AuditResult = Conservation & { height: number; head: number; differences: Check[] };

/** Reads the books and the chain at the books' block, and compares. Throws when the chain no longer has that block. */
export async function auditConservation(input: {
  pool: pg.Pool;
  chain: PublicClient;
  deployment: Deployment;
}): Promise<AuditResult> {
  const books = await readBookFacts(input.pool);
  const blockNumber = BigInt(books.height);
  const block = await input.chain.getBlock({ blockNumber });
  if (block.hash !== books.blockHash) {
    throw new Error(
      `block ${books.height} was replaced on the chain; wait until the indexer has followed, then audit again`,
    );
  }
  const facts = await readChainFacts(input.chain, input.deployment, blockNumber);
  const conservation = checkConservation(facts, books);
  conservation.checks.push(...(await readVaultChecks(input.chain, input.deployment, blockNumber)));
  conservation.checks.push(...(await readBountyChecks(input.chain, input.deployment, blockNumber)));
  const head = Number(await input.chain.getBlockNumber());
  return {
    ...conservation,
    height: books.height,
    head,
    differences: conservation.checks.filter((check) => check.left !== check.right),
  };
}

/** The statement as a table of OPEN amounts, exact to the wei. */
export function formatAudit(result: AuditResult): string {
  const rows = [
    ...section('COMES IN', result.comesIn),
    ...section('IS NOW', result.isNow),
    `${result.checks.length} equalities checked at block ${result.height} (chain head ${result.head})`,
  ];
  const [first] = result.differences;
  if (!first) return [...rows, 'Every wei is accounted for.'].join('\n');
  const difference = formatOpen(first.left - first.right);
  return [
    ...rows,
    `FIRST DIFFERENCE of ${result.differences.length}: ${first.name}`,
    `  ${first.left} wei against ${first.right} wei, ${difference} OPEN apart`,
  ].join('\n');
}

function section(title: string, rows: Conservation['comesIn']): string[] {
  const total = rows.reduce((sum, row) => sum + row.wei, 0n);
  const line = (label: string, wei: bigint) => `  ${label.padEnd(38)} ${formatOpen(wei).padStart(34)}`;
  return [title, ...rows.map((row) => line(row.label, row.wei)), line('total', total), ''];
}

async function main(): Promise<number> {
  const { databaseUrl, rpcUrl, chainId, deploymentFile } = readSettings();
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 1 });
  try {
    const chain = createChainClient({ CHAIN_ID: chainId, RPC_URL: rpcUrl });
    const result = await auditConservation({ pool, chain, deployment: readDeployment(deploymentFile) });
    console.log(formatAudit(result));
    return result.differences.length === 0 ? 0 : 1;
  } finally {
    await pool.end();
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  process.exit(
    await main().catch((error: unknown) => {
      console.error(`audit: ${(error as Error).message}`);
      return 1;
    }),
  );
}
