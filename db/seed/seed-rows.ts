import { and, eq } from 'drizzle-orm';
import { contributions, examples } from '#db/schema/datanets.ts';
import { describeVerdict } from '#lib/contributions/parse/describe-verdict.ts';
import { reviewExamples } from '#lib/contributions/review-examples.ts';
import { submitContribution } from '#lib/contributions/submit-contribution.ts';
import { createDatanet } from '#lib/datanets/create-datanet.ts';
import { setDatanetRole } from '#lib/datanets/set-datanet-role.ts';
import type { Deps } from '#lib/platform/deps.ts';
import { devnetActor } from './devnet-accounts.ts';
import type { SampleDatanet } from './sample-datanets.ts';
import { seedDeps } from './seed-deps.ts';

type SeedRowsDeps = Pick<Deps, 'db' | 'now' | 'randomBytes'>;

/**
 * Creates a sample Datanet, contributes its rows account by account and lets its curators accept them, all through the use
 * cases that people go through. Repeatable: what is there stays.
 */
export async function seedRows(deps: SeedRowsDeps, sample: SampleDatanet, dayOffset: number): Promise<string> {
  const { ownerAccount, curatorAccounts, rows, ...terms } = sample;
  const owner = devnetActor(ownerAccount);
  const { id } = await createDatanet(seedDeps(deps, sample.slug, dayOffset), owner, terms);
  for (const n of curatorAccounts.filter((other) => other !== ownerAccount)) {
    const grant = { datanetId: id, address: devnetActor(n).address, role: 'curator', granted: true } as const;
    await setDatanetRole(seedDeps(deps, sample.slug, dayOffset), owner, grant);
  }
  const authors = [...new Set(rows.map((row) => row.account))].sort();
  for (const [i, n] of authors.entries()) {
    const label = `${sample.slug}/${n}`;
    await contribute(seedDeps(deps, label, dayOffset + 1 + i), id, sample, n);
    await accept(seedDeps(deps, label, dayOffset + 2 + i), id, sample, n);
  }
  return id;
}

const keyOf = (sample: SampleDatanet, n: number) => `sample:${sample.slug}:${n}`;

async function contribute(deps: SeedRowsDeps, datanetId: string, sample: SampleDatanet, n: number): Promise<void> {
  const rows = sample.rows.flatMap(({ account, ...data }, i) => (account === n ? [{ line: i + 1, data }] : []));
  const source = `${sample.slug}.jsonl`;
  const input = { datanetId, source, idempotencyKey: keyOf(sample, n), rows };
  const { verdicts } = await submitContribution(deps, devnetActor(n), input);
  const refused = verdicts.find((verdict) => verdict.kind !== 'new');
  if (refused) throw new Error(`sample row ${source}:${refused.line} was refused: ${describeVerdict(refused)}`);
}

/** The first curator who is not the author accepts, as nobody may about own rows. */
async function accept(deps: SeedRowsDeps, datanetId: string, sample: SampleDatanet, n: number): Promise<void> {
  const author = devnetActor(n).address;
  const pending = await deps.db
    .select({ id: examples.id })
    .from(examples)
    .innerJoin(contributions, eq(contributions.id, examples.contributionId))
    .where(
      and(
        eq(examples.status, 'pending'),
        eq(contributions.contributor, author),
        eq(contributions.idempotencyKey, keyOf(sample, n)),
      ),
    );
  const curator = sample.curatorAccounts.find((other) => other !== n)!;
  for (let start = 0; start < pending.length; start += 500) {
    const exampleIds = pending.slice(start, start + 500).map((row) => row.id);
    await reviewExamples(deps, devnetActor(curator), { datanetId, exampleIds, decision: 'accept' });
  }
}
