import { sql } from 'drizzle-orm';

/** Condition: the inference `i` was answered by a version of the name that the route `r` is for, and not by its canary. */
export const isOfName = sql`i.model_id <> r.canary_id and (i.model_id = r.model_id
  or i.model_id in (select v.model_id from model_versions v where v.family_id = r.model_id))`;
