const pageSize = 1_000;

/**
 * What `readAfter` reads, page by page in the order of ids, from '' on: a period may have a million receipts, and between two pages others
 * get their turn. The last page is the first that is not full.
 */
export async function* inPages<Row extends { id: string }>(
  readAfter: (last: string, limit: number) => Promise<Row[]>,
): AsyncGenerator<Row[]> {
  for (let last = ''; ; ) {
    const page = await readAfter(last, pageSize);
    if (page.length > 0) yield page;
    if (page.length < pageSize) return;
    last = page.at(-1)!.id;
  }
}
