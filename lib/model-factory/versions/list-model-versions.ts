import { asc, desc, eq, sql } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { modelChoices, modelVersions } from '#db/schema/model-versions.ts';
import { adapters, models } from '#db/schema/models.ts';
import { isLive } from '../chain-facts.ts';
import type { ModelVersions } from '../types.ts';

/** The versions of the model that this one belongs to, oldest first, and the choices among them; null where it has no other. */
export async function listModelVersions(db: DatabaseOrTransaction, modelId: string): Promise<ModelVersions | null> {
  const [own] = await db.select().from(modelVersions).where(eq(modelVersions.modelId, modelId));
  if (!own) return null;
  const [family] = await db
    .select({ slug: models.slug, owner: models.owner, chosen: sql<string | null>`resolve_model(${models.slug})` })
    .from(models)
    .where(eq(models.id, own.familyId));
  const versions = await db
    .select({ model: models, number: modelVersions.number, live: isLive, adapter: adapters })
    .from(modelVersions)
    .innerJoin(models, eq(models.id, modelVersions.modelId))
    .innerJoin(adapters, eq(adapters.id, models.adapterId))
    .where(eq(modelVersions.familyId, own.familyId))
    .orderBy(asc(modelVersions.number));
  const choices = await db
    .select({ number: modelVersions.number, setBy: modelChoices.setBy, setAt: modelChoices.setAt })
    .from(modelChoices)
    .innerJoin(modelVersions, eq(modelVersions.modelId, modelChoices.modelId))
    .where(eq(modelChoices.familyId, own.familyId))
    .orderBy(desc(modelChoices.id))
    .limit(20);
  return {
    family: family!.slug,
    owner: family!.owner as `0x${string}`,
    versions: versions.map(({ model, number, live, adapter }) => ({
      modelId: model.id,
      ...{ slug: `${family!.slug}@${number}`, number, live, isChosen: model.id === family!.chosen },
      ...{ inputWeiPerToken: model.inputWeiPerToken, outputWeiPerToken: model.outputWeiPerToken },
      ...{ evalLoss: adapter.evalLoss, baseEvalLoss: adapter.baseEvalLoss, createdAt: model.createdAt.toISOString() },
    })),
    choices: choices.map(({ number, setBy, setAt }) => ({
      ...{ number, setBy: setBy as `0x${string}`, setAt: setAt.toISOString() },
    })),
  };
}
