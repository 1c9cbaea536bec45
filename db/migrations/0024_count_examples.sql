CREATE FUNCTION count_examples() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO example_counts AS c (datanet_id, status, contributor, rows, last_at)
    SELECT datanet_id, status, contributor, count(*), max(created_at) FROM added GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
    ON CONFLICT (datanet_id, status, contributor)
      DO UPDATE SET rows = c.rows + excluded.rows, last_at = greatest(c.last_at, excluded.last_at);
  ELSE
    -- Whoever changes several counts takes them in this order, so that two cannot wait for each other inside a statement.
    INSERT INTO example_counts AS c (datanet_id, status, contributor, rows, last_at)
    SELECT datanet_id, status, contributor, sum(n), max(created_at) FROM (
      SELECT datanet_id, status, contributor, created_at, 1 AS n FROM added
      UNION ALL SELECT datanet_id, status, contributor, created_at, -1 FROM removed
    ) moved GROUP BY 1, 2, 3 HAVING sum(n) <> 0 ORDER BY 1, 2, 3
    ON CONFLICT (datanet_id, status, contributor)
      DO UPDATE SET rows = c.rows + excluded.rows, last_at = greatest(c.last_at, excluded.last_at);
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE FUNCTION uncount_examples() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE example_counts c SET rows = c.rows - gone.n
  FROM (SELECT datanet_id, status, contributor, count(*) AS n FROM removed GROUP BY 1, 2, 3) gone
  WHERE (c.datanet_id, c.status, c.contributor) = (gone.datanet_id, gone.status, gone.contributor);
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER examples_added AFTER INSERT ON examples
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION count_examples();
--> statement-breakpoint
CREATE TRIGGER examples_changed AFTER UPDATE ON examples
  REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION count_examples();
--> statement-breakpoint
CREATE TRIGGER examples_removed AFTER DELETE ON examples
  REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION uncount_examples();
--> statement-breakpoint
INSERT INTO example_counts (datanet_id, status, contributor, rows, last_at)
SELECT datanet_id, status, contributor, count(*), max(created_at) FROM examples GROUP BY 1, 2, 3;
