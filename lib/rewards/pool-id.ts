/**
 * Name of a common pool in a period's data file: the model's, by the certificate whose standing shares it goes by, or by
 * equal share of rows.
 */
export function poolId(modelId: string, certificateSha256: string | null): string {
  return `${modelId}/${certificateSha256 ?? 'rows'}`;
}

export function parsePoolId(id: string): { modelId: string; certificateSha256: `0x${string}` | null } {
  const [modelId = '', by = ''] = id.split('/');
  return { modelId, certificateSha256: by.startsWith('0x') ? (by as `0x${string}`) : null };
}
