import { sql } from 'drizzle-orm';
import type { AbiEvent } from 'viem';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { chainEvents } from '#db/schema/settlement.ts';
import { openSettlementWorld, type TestSettlementWorld } from '#scripts/audit/test-support/settlement-world.ts';
import { devnetAccount } from '#scripts/contracts/devnet-config.ts';
import { contractsOf, foreignTokens, type IndexedContract } from './contracts.ts';
import { indexStep } from './index-step.ts';
import { subjectArgOf } from './subjects.ts';
import { emitterOf } from './test-support/every-event.ts';

/** What the indexer writes. Of blocks those with events: others are kept only while they are young. */
const tables = {
  chain_blocks: sql`where exists (select 1 from chain_events e where e.block_number = t.number)`,
  chain_events: sql``,
  ledger_transactions: sql``,
  ledger_entries: sql``,
};
let world: TestSettlementWorld;
let kinds: { contract: IndexedContract; event: AbiEvent }[];

beforeAll(async () => {
  world = await openSettlementWorld();
  kinds = [...contractsOf(world.deps.deployment).values()]
    .filter(({ name }) => !foreignTokens.has(name))
    .flatMap((contract) =>
      contract.abi.filter((item) => item.type === 'event').map((event) => ({ contract, event: event as AbiEvent })),
    );
  await world.chain.rpc('evm_setAutomine', [false]);
  for (const [i, { contract, event }] of kinds.entries()) {
    await world.chain.rpc('anvil_setCode', [contract.address, emitterOf(event, `${contract.name}.${event.name}`)]);
    const call = { from: devnetAccount(i % 10).address, to: contract.address, gas: '0x186a0' };
    await world.chain.rpc('eth_sendTransaction', [call]);
    await world.chain.rpc('evm_mine');
  }
}, 120_000);
afterAll(() => world?.close());

/** Every row as PostgreSQL writes it, in a fixed order, table by table. */
async function dump(): Promise<Record<string, string[]>> {
  const dumped = Object.entries(tables).map(async ([table, some]) => {
    const { rows } = await world.deps.db.execute<{ row: string }>(
      sql`select t::text as row from ${sql.identifier(table)} t ${some} order by 1`,
    );
    return [table, rows.map(({ row }) => row)] as const;
  });
  return Object.fromEntries(await Promise.all(dumped));
}

it('stores every kind of event of every contract, each under what it is looked up by', async () => {
  await world.index();
  const stored = await world.deps.db.select().from(chainEvents);
  expect(kinds.length).toBeGreaterThan(40);
  for (const { contract, event } of kinds) {
    const row = stored.find((one) => one.contract === contract.name && one.name === event.name);
    expect(row, `${contract.name}.${event.name}`).toBeDefined();
    if (event.inputs.length > 0) expect(Object.keys(row!.args).length).toBeGreaterThanOrEqual(event.inputs.length);
    const subject = subjectArgOf(contract, event.name);
    if (subject in row!.args) expect(row!.subject).toBe(String(row!.args[subject]).toLowerCase());
  }
});

it('gives byte-equal tables when the database is dropped and the chain replayed, in steps of any size', async () => {
  const before = await dump();
  for (const [table, rows] of Object.entries(before)) expect(rows.length, table).toBeGreaterThan(0);
  await world.deps.db.execute(sql`truncate chain_blocks, chain_events, ledger_transactions, ledger_entries`);
  for (let size = 3; ; size = (size % 11) + 1) {
    const { height, head } = await indexStep(world.deps, { batchSize: size });
    if (height === head) break;
  }
  expect(await dump()).toEqual(before);
});
