/**
 * Runs each item as soon as those that it names in `after` have ended; a name that is not among the items holds nothing up. Ends when
 * all have. Throws, before anything runs, when an item comes before one that it waits for, which also keeps circles out.
 */
export async function runInOrder<Item extends { name: string; after: readonly string[] }>(
  items: readonly Item[],
  run: (item: Item) => Promise<void>,
): Promise<void> {
  const names = items.map(({ name }) => name);
  for (const [i, { name, after }] of items.entries()) {
    const late = after.find((other) => names.indexOf(other) >= i);
    if (late) throw new Error(`${name} waits for ${late}, which comes later`);
  }
  const ends = new Map<string, Promise<void>>();
  for (const item of items) {
    const before = item.after.map((name) => ends.get(name));
    ends.set(
      item.name,
      Promise.all(before).then(() => run(item)),
    );
  }
  await Promise.all(ends.values());
}
