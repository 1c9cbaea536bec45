import { index, integer, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { datanets, datanetVersions } from './datanets.ts';

/**
 * Several Datanet versions that one run trains on. A mix is a version (of a Datanet of nobody's, which takes no rows and stands in no list),
 * so that whatever names a version can name a mix. Its root is over the parts' (lib/kernel/mix.ts); `version_examples` has all their rows,
 * one part after the other. Equal parts and weights are one mix.
 */
export const mixes = pgTable('mixes', {
  versionId: text('version_id')
    .primaryKey()
    .references(() => datanetVersions.id),
  datanetId: text('datanet_id')
    .notNull()
    .unique()
    .references(() => datanets.id),
});

/** `tenths`: how often a pass reads each row of the part, in tenths. `firstLeaf`: where its rows begin in `version_examples`. */
export const mixParts = pgTable(
  'mix_parts',
  {
    mixId: text('mix_id')
      .notNull()
      .references(() => mixes.versionId),
    position: integer('position').notNull(),
    versionId: text('version_id')
      .notNull()
      .references(() => datanetVersions.id),
    tenths: integer('tenths').notNull(),
    firstLeaf: integer('first_leaf').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.mixId, t.position] }),
    uniqueIndex('mix_parts_version').on(t.mixId, t.versionId),
    index('mix_parts_of').on(t.versionId),
  ],
);
