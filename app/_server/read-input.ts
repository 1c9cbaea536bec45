import { InvalidInputError, PayloadTooLargeError } from './errors.ts';

/**
 * Query, path parameters and JSON body as one object; a later one wins. The body is cut off at `maxBytes` while it is read,
 * whatever Content-Length says. With 0 the body is left to the route.
 */
export async function readInput(
  request: Request,
  params: Record<string, unknown>,
  maxBytes: number,
): Promise<Record<string, unknown>> {
  const query = Object.fromEntries(new URL(request.url).searchParams);
  if (request.method === 'GET' || request.method === 'HEAD' || maxBytes === 0) return { ...query, ...params };
  const text = (await readBytes(request, maxBytes)).toString('utf8');
  if (text.trim() === '') return { ...query, ...params };
  try {
    const body: unknown = JSON.parse(text);
    if (body === null || typeof body !== 'object' || Array.isArray(body)) throw new SyntaxError('not an object');
    return { ...query, ...params, ...body };
  } catch (error) {
    const message = `is not a JSON object: ${(error as Error).message}`;
    throw new InvalidInputError(`The body ${message}`, { body: message });
  }
}

/** The body as it comes, cut off at `maxBytes`. */
export async function readBytes(request: Request, maxBytes: number): Promise<Buffer> {
  if (!request.body) return Buffer.alloc(0);
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body as unknown as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength;
    if (size > maxBytes) throw new PayloadTooLargeError(maxBytes);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
