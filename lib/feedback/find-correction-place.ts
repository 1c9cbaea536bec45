import { eq } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { datanets, datanetVersions } from '#db/schema/datanets.ts';
import { models } from '#db/schema/models.ts';
import { listMixParts } from '#lib/mixes/list-mix-parts.ts';
import type { MixPartView } from '#lib/mixes/types.ts';

/**
 * The Datanet that a model was trained on, of a mix the one that it read most of, where its rows are a question and an answer; else null.
 */
export async function findCorrectionPlace(db: DatabaseOrTransaction, modelId: string) {
  const [model] = await db.select({ versionId: models.versionId }).from(models).where(eq(models.id, modelId));
  if (!model) return null;
  const read = (part: MixPartView) => part.rowCount * part.tenths;
  const [most] = (await listMixParts(db, model.versionId)).sort((a, b) => read(b) - read(a));
  const [datanet] = await db
    .select({
      id: datanets.id,
      slug: datanets.slug,
      title: datanets.title,
      license: datanets.license,
      fields: datanets.fields,
    })
    .from(datanetVersions)
    .innerJoin(datanets, eq(datanets.id, datanetVersions.datanetId))
    .where(eq(datanetVersions.id, most?.versionId ?? model.versionId));
  const [question, answer, ...others] = datanet?.fields ?? [];
  return datanet && question && answer && others.length === 0
    ? { ...datanet, questionField: question.name, answerField: answer.name }
    : null;
}
