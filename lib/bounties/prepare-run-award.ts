import { and, desc, eq, sql } from 'drizzle-orm';
import { models } from '#db/schema/models.ts';
import { chainEvents } from '#db/schema/settlement.ts';
import { assertAccount } from '#lib/platform/assert-account.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';
import { getAwardableBounty } from './awardable-version.ts';
import { BountyAwardInvalidError } from './errors.ts';
import type { PrepareRunAwardInput } from './schema.ts';
import type { AwardRunArgs } from './types.ts';

type Hex = `0x${string}`;

/**
 * What the judge's wallet sends to award a training: the model and its newest version as the chain has it. Changes nothing.
 *
 * @throws {BountyForbiddenError | BountyStateError | BountyAwardInvalidError | NotSignedInError}
 */
export async function prepareRunAward(
  deps: Pick<Deps, 'db' | 'now'>,
  actor: Actor,
  input: PrepareRunAwardInput,
): Promise<AwardRunArgs> {
  const { address } = assertAccount(actor);
  const bounty = await getAwardableBounty(deps, address, input.bountyId);
  if (bounty.kind !== 'run') throw new BountyAwardInvalidError('This bounty pays for rows, not for a training.');
  const [model] = await deps.db
    .select({ versionHash: models.versionHash })
    .from(models)
    .where(eq(models.slug, input.model));
  const isVersion = and(eq(chainEvents.contract, 'modelRegistry'), eq(chainEvents.name, 'VersionPublished'));
  const [own] = model
    ? await deps.db
        .select()
        .from(chainEvents)
        .where(and(isVersion, eq(chainEvents.subject, model.versionHash)))
    : [];
  if (!own) throw new BountyAwardInvalidError('There is no such model on chain.');
  const modelId = String(own.args.id);
  const versions = await deps.db
    .select({ args: chainEvents.args })
    .from(chainEvents)
    .where(and(isVersion, sql`${chainEvents.args} ->> 'id' = ${modelId}`))
    .orderBy(desc(chainEvents.blockNumber), desc(chainEvents.logIndex))
    .limit(2);
  const { args } = versions[0]!;
  const of = (name: string) => String(args[`version.${name}`]) as Hex;
  return [
    BigInt(bounty.onChain.number),
    BigInt(modelId),
    (versions[1]?.args.head as Hex | undefined) ?? `0x${'0'.repeat(64)}`,
    {
      baseVersion: Number(args['version.baseVersion']),
      datanetHeadsRoot: of('datanetHeadsRoot'),
      trainConfigHash: of('trainConfigHash'),
      adapterHash: of('adapterHash'),
      evalHash: of('evalHash'),
      licenceHash: of('licenceHash'),
    },
  ];
}
