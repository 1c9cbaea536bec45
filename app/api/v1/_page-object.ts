/** A page of OpenAI's lists. */
export function toPage<T extends { id: string }>(data: readonly T[], hasMore: boolean) {
  return {
    object: 'list',
    data,
    has_more: hasMore,
    first_id: data[0]?.id ?? null,
    last_id: data.at(-1)?.id ?? null,
  };
}
