import { type IncomingMessage, request as overHttp } from 'node:http';
import { request as overHttps } from 'node:https';
import { text } from 'node:stream/consumers';

export type LineAnswer = {
  status: number;
  header(name: string): string | null;
  /** Of a body of lines, without their ends; an unfinished last one is left out. */
  lines: AsyncGenerator<string>;
  /** The whole body instead. */
  text(): Promise<string>;
  /** Ends the request where it is. */
  cancel(): void;
};

type Posted = { headers: Record<string, string>; body: string; signal: AbortSignal };

/**
 * One POST whose answer is read line by line as it comes, on a connection that is kept for the next one. Every token of every
 * answer passes here: `fetch` with its web streams takes twice the CPU for it.
 */
export async function postLines(url: string, posted: Posted): Promise<LineAnswer> {
  const response = await send(url, posted).catch((error: NodeJS.ErrnoException & { isReused?: boolean }) => {
    // The server closed a kept connection while the request was on its way: nothing of it was read.
    if (error.isReused && error.code === 'ECONNRESET' && !posted.signal.aborted) return send(url, posted);
    throw error;
  });
  response.setEncoding('utf8');
  return {
    status: response.statusCode ?? 0,
    header: (name) => response.headers[name]?.toString() ?? null,
    lines: linesOf(response),
    text: () => text(response),
    cancel: () => response.destroy(),
  };
}

function send(url: string, { headers, body, signal }: Posted): Promise<IncomingMessage> {
  const begin = url.startsWith('https:') ? overHttps : overHttp;
  const length = { 'content-length': String(Buffer.byteLength(body)) };
  return new Promise((resolve, reject) => {
    const request = begin(url, { method: 'POST', headers: { ...headers, ...length }, signal });
    request.on('response', (response) => {
      // An answer that is given up breaks once more where nobody reads it, perhaps before anybody could; who reads is told by the lines.
      response.on('error', () => {});
      resolve(response);
    });
    request.on('error', (error) => reject(Object.assign(error, { isReused: request.reusedSocket })));
    request.end(body);
  });
}

async function* linesOf(response: IncomingMessage): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of response as AsyncIterable<string>) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
}
