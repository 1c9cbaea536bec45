import { sql } from 'drizzle-orm';

/**
 * Models by their names, as a part of `from`: `f` is the first version, whose slug is the name, and `m` the version that answers for it
 * (resolve_model). A model without a second version is both.
 */
export const chosenModels = sql`models f
  join models m on m.id = case when exists (select 1 from model_versions v1 where v1.model_id = f.id) then resolve_model(f.slug) else f.id end
    and not exists (select 1 from model_versions later where later.model_id = f.id and later.family_id <> f.id)`;
