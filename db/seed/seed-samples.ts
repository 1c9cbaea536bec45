import { sql } from 'drizzle-orm';
import { datanets, datanetVersions } from '#db/schema/datanets.ts';
import { anchorOf, registryIdOf } from '#lib/datanets/chain-facts.ts';
import { devnetChainId } from '#lib/platform/env.ts';
import { readSampleDatanets } from './sample-datanets.ts';
import { type SeedChainDeps, seedChain } from './seed-chain.ts';
import { seedRows } from './seed-rows.ts';

/** Days between the first days of two samples, so that the list has an order. */
const daysApart = 3;

export type SeedResult = { datanets: number; rows: number; changed: number };

/**
 * Loads the sample Datanets: created, contributed, accepted, registered, frozen and anchored. Safe to run at every start
 * and after a crash at any point; when all is there it costs one query and reading the sample files.
 *
 * On the devnet only: the people of the samples are accounts whose keys are published, so on another chain anybody could
 * act as the owner of these Datanets.
 */
export async function seedSamples(deps: SeedChainDeps, options: { onStep(text: string): void }): Promise<SeedResult> {
  if (deps.env.CHAIN_ID !== devnetChainId) return { datanets: 0, rows: 0, changed: 0 };
  const samples = readSampleDatanets();
  const anchored = await findAnchored(deps);
  let changed = 0;
  for (const [i, sample] of samples.entries()) {
    if (anchored.has(sample.slug)) continue;
    options.onStep(`${sample.title}: ${sample.rows.length} rows`);
    await seedRows(deps, sample, i * daysApart);
    await seedChain(deps, sample, i * daysApart);
    changed++;
  }
  const rows = samples.reduce((sum, sample) => sum + sample.rows.length, 0);
  return { datanets: samples.length, rows, changed };
}

/** Slugs whose version 1 is anchored according to the index of events: the last step, so nothing is left to do. */
async function findAnchored(deps: Pick<SeedChainDeps, 'db'>): Promise<Set<string>> {
  const result = await deps.db.execute<{ slug: string }>(sql`
    select d.slug from ${datanets} d join ${datanetVersions} v on v.datanet_id = d.id and v.number = 1
    where ${anchorOf(sql`v.root`, registryIdOf(sql`d.meta_hash`, sql`d.owner`))} is not null`);
  return new Set(result.rows.map((row) => row.slug));
}
