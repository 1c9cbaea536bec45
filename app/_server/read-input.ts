import { InvalidInputError, PayloadTooLargeError } from './errors.ts';

/**
 * Query, path parameters and JSON body as one object; a later one wins. The body is cut off at `maxBytes` while it is read,
 * whatever Content-Length says.
 */
export async function readInput(
  request: Request,
  params: Record<string, unknown>,
  maxBytes: number,
): Promise<Record<string, unknown>> {
  const query = Object.fromEntries(new URL(request.url).searchParams);
  if (request.method === 'GET' || request.method === 'HEAD') return { ...query, ...params };
  const text = await readText(request, maxBytes);
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

async function readText(request: Request, maxBytes: number): Promise<string> {
  if (!request.body) return '';
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body as unknown as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength;
    if (size > maxBytes) throw new PayloadTooLargeError(maxBytes);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
