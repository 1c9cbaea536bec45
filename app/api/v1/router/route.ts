import { askerOf } from '#app/_server/asker-of.ts';
import { defineRoute } from '#app/_server/define-route.ts';
import { rankModels } from '#lib/serving/router/rank-models.ts';
import { routeQuestionSchema } from '#lib/serving/schema.ts';

/** Which live models that one may ask fit a question, best first, with the words and rows that say so; an empty list says that none does. */
export const GET = defineRoute({
  input: routeQuestionSchema,
  auth: 'visitor',
  limit: { name: 'router', max: 120, windowSeconds: 60 },
  run: async ({ deps, actor, input }) => ({
    object: 'list',
    data: (await rankModels(deps.db, input.question, { asker: askerOf(deps, actor) })).map(
      ({ slug, name, datanet, words, part }) => ({
        ...{ object: 'ranked_model', model: slug, name, datanet, words, relative_fit: part },
      }),
    ),
  }),
});
