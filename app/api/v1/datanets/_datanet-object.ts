import type { ExampleRow } from '#lib/contributions/types.ts';
import { rowJsonSchema } from '#lib/datanets/row-json-schema.ts';
import type { DatanetDetail, DatanetSummary } from '#lib/datanets/types.ts';

/** A Datanet as the API shows it: snake case, amounts in wei as decimal text, times in ISO 8601. */
export function toDatanetObject(datanet: DatanetSummary) {
  const { latestVersion } = datanet;
  return {
    id: datanet.id,
    object: 'datanet',
    slug: datanet.slug,
    title: datanet.title,
    summary: datanet.summary,
    domain: datanet.domain,
    language: datanet.language,
    license: datanet.license,
    owner: datanet.owner,
    created_at: datanet.createdAt,
    rows: datanet.rowCount,
    contributors: datanet.contributorCount,
    models: datanet.modelCount,
    earned_wei: datanet.earnedWei,
    latest_version: latestVersion && {
      id: latestVersion.id,
      number: latestVersion.number,
      created_at: latestVersion.createdAt,
      anchored: latestVersion.anchored,
    },
  };
}

export function toDatanetDetailObject(datanet: DatanetDetail) {
  return {
    ...toDatanetObject(datanet),
    description: datanet.description,
    rubric: datanet.rubric,
    fields: datanet.fields.map(({ name, label, maxChars }) => ({ name, label, max_chars: maxChars })),
    row_schema: rowJsonSchema(datanet),
    meta_hash: datanet.metaHash,
    registry_id: datanet.registryId,
    pending_rows: datanet.pendingCount,
    curators: datanet.curators,
    validators: datanet.validators,
  };
}

export function toRowObject(row: ExampleRow) {
  return {
    id: row.id,
    object: 'datanet.row',
    status: row.status,
    data: row.data,
    contributor: row.contributor,
    created_at: row.createdAt,
    reviewed_by: row.reviewedBy,
    reviewed_at: row.reviewedAt,
    reason: row.reason,
    earned_wei: row.earnedWei,
    improves: row.improves && {
      id: row.improves.exampleId,
      role: row.improves.role,
      note: row.improves.note,
    },
  };
}
