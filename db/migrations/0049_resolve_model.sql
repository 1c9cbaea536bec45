-- The model that a name stands for: an id, a version of a family (`name@2`), or a family (`name`), for which the version answers
-- that was chosen last and is live. Null where there is none. Read by lib/serving/queries.ts and lib/model-factory/model-queries.ts.
CREATE FUNCTION resolve_model(p_name text) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT coalesce(
    (SELECT m.id FROM models m WHERE m.id = p_name),
    (SELECT v.model_id FROM models f JOIN model_versions v ON v.family_id = f.id
      WHERE f.slug = split_part(p_name, '@', 1) AND p_name = f.slug || '@' || v.number),
    (SELECT c.model_id FROM models f JOIN model_choices c ON c.family_id = f.id JOIN models m ON m.id = c.model_id
      WHERE f.slug = p_name AND EXISTS (SELECT 1 FROM chain_events e
        WHERE e.contract = 'modelRegistry' AND e.name = 'VersionPublished' AND e.subject = m.version_hash)
      ORDER BY c.id DESC LIMIT 1),
    (SELECT m.id FROM models m WHERE m.slug = p_name OR m.slug || '@1' = p_name AND m.slug = split_part(p_name, '@', 1)))
$$;
