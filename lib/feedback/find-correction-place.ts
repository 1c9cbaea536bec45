import { eq } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { datanets, datanetVersions } from '#db/schema/datanets.ts';
import { models } from '#db/schema/models.ts';

/** The Datanet that a model was trained on, where its rows are a question and an answer; else null. */
export async function findCorrectionPlace(db: DatabaseOrTransaction, modelId: string) {
  const [datanet] = await db
    .select({
      id: datanets.id,
      slug: datanets.slug,
      title: datanets.title,
      license: datanets.license,
      fields: datanets.fields,
    })
    .from(models)
    .innerJoin(datanetVersions, eq(datanetVersions.id, models.versionId))
    .innerJoin(datanets, eq(datanets.id, datanetVersions.datanetId))
    .where(eq(models.id, modelId));
  const [question, answer, ...others] = datanet?.fields ?? [];
  return datanet && question && answer && others.length === 0
    ? { ...datanet, questionField: question.name, answerField: answer.name }
    : null;
}
