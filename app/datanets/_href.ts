/** A path with the parameters that have a value, in a stable order; filters of a page live in its address. */
export function hrefWith(path: string, params: Record<string, string | number | undefined | null>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(params)) {
    if (value !== undefined && value !== null && value !== '') query.set(name, String(value));
  }
  const text = query.toString();
  return text === '' ? path : `${path}?${text}`;
}

export type SearchParams = Promise<Record<string, string | string[] | undefined>>;

/** Parameters of the address with one value each; a repeated parameter counts once. */
export async function readParams(searchParams: SearchParams): Promise<Record<string, string>> {
  const entries = Object.entries(await searchParams).flatMap(([name, value]) => {
    const first = Array.isArray(value) ? value[0] : value;
    return first === undefined || first === '' ? [] : [[name, first] as const];
  });
  return Object.fromEntries(entries);
}
