import { type SQL, sql } from 'drizzle-orm';
import { chainEvents } from '#db/schema/settlement.ts';

/**
 * The chain's facts about Datanets as SQL over `chain_events`, so that a reorg changes every answer at once. Each is one
 * look-up in the index (name, subject).
 */

/**
 * Registry id of a Datanet, or null. The owner must match as well: anybody may create an entry with a copied metaHash.
 * The earliest entry counts, so that registering twice moves nothing.
 */
export function registryIdOf(metaHash: SQL, owner: SQL): SQL {
  return sql`(select e.args ->> 'id' from ${chainEvents} e
    where e.contract = 'datanetRegistry' and e.name = 'DatanetCreated'
      and e.subject = ${metaHash} and e.args ->> 'owner' = ${owner}
    order by e.block_number, e.log_index limit 1)`;
}

/** The acceptance of a version's root under a registry id, as `{ batch, txHash, blockNumber }` JSON, or null. */
export function anchorOf(root: SQL, registryId: SQL): SQL {
  return sql`(select json_build_object('batch', e.args ->> 'batch', 'txHash', e.tx_hash, 'blockNumber', e.block_number)
    from ${chainEvents} e
    where e.contract = 'datanetRegistry' and e.name = 'BatchAccepted'
      and e.subject = ${root} and e.args ->> 'id' = ${registryId}
    order by e.block_number, e.log_index limit 1)`;
}
