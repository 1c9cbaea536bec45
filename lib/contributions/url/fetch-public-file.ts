import { lookup } from 'node:dns/promises';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP } from 'node:net';
import { UrlRefusedError, UrlUnreachableError } from './errors.ts';
import { isPublicAddress } from './is-public-address.ts';

export type FetchedFile = { url: string; name: string; bytes: Uint8Array };

/** What may be asked. The defaults are the rule; tests have servers of their own. */
export type FetchRules = {
  resolve(host: string): Promise<string[]>;
  isAllowed(address: string): boolean;
  ports: readonly number[];
  maxBytes: number;
  maxRedirects: number;
  timeoutMs: number;
};

export const publicRules: FetchRules = {
  resolve: async (host) => (await lookup(host, { all: true })).map(({ address }) => address),
  isAllowed: isPublicAddress,
  ports: [80, 443],
  maxBytes: 10 * 1024 * 1024,
  maxRedirects: 3,
  timeoutMs: 20_000,
};

/**
 * Fetches a file from the public Internet. Names are resolved here, each of their addresses must be public, and the connection goes to
 * the very address that was looked at, so that a name cannot point elsewhere a moment later. The same again for each redirect. No cookie,
 * key or header of ours goes along; bodies are taken as they are, cut off at the limit, and all of it ends after the time limit.
 *
 * @throws {UrlRefusedError | UrlUnreachableError}
 */
export async function fetchPublicFile(address: string, rules: FetchRules = publicRules): Promise<FetchedFile> {
  const signal = AbortSignal.timeout(rules.timeoutMs);
  let url = parseUrl(address);
  for (let hops = 0; hops <= rules.maxRedirects; hops++) {
    const answer = await ask(url, await publicAddressOf(url, rules), signal);
    const next = redirectOf(answer, url);
    if (!next) return { url: url.href, name: nameOf(url), bytes: await readBody(answer, url, rules, signal) };
    answer.destroy();
    url = next;
  }
  throw new UrlRefusedError(`The address leads on more than ${rules.maxRedirects} times. Give the last one.`);
}

function parseUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw new UrlRefusedError('An address begins with https:// or http://.');
  }
  if (url.username || url.password) throw new UrlRefusedError('An address with a name and password is not fetched.');
  return url;
}

/** The address to connect to. One that is not public refuses the name, so that nobody learns which of several was. */
async function publicAddressOf(url: URL, rules: FetchRules): Promise<string> {
  const port = Number(url.port || (url.protocol === 'https:' ? 443 : 80));
  if (!rules.ports.includes(port)) throw new UrlRefusedError(`Only the ports ${rules.ports.join(' and ')} are asked.`);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const found = isIP(host)
    ? [host]
    : await rules.resolve(host).catch(() => {
        throw new UrlUnreachableError(url.host, 'is not known');
      });
  const [first] = found;
  if (!first || !found.every(rules.isAllowed)) {
    throw new UrlRefusedError('The address is not one of the public Internet.', `${url.host}: ${found.join(', ')}`);
  }
  return first;
}

function ask(url: URL, address: string, signal: AbortSignal): Promise<IncomingMessage> {
  const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
  const options = {
    ...{
      host: address,
      port: url.port || undefined,
      path: `${url.pathname}${url.search}`,
      signal,
      agent: false as const,
    },
    // The certificate must be the name's, whatever the address.
    ...(url.protocol === 'https:' && !isIP(url.hostname) && { servername: url.hostname }),
    headers: { host: url.host, 'user-agent': 'OpenLedger', accept: '*/*', 'accept-encoding': 'identity' },
  };
  return new Promise((resolve, reject) => {
    const failed = (error: Error) =>
      reject(
        new UrlUnreachableError(url.host, signal.aborted ? 'takes too long' : `cannot be reached (${error.message})`),
      );
    send(options, resolve).on('error', failed).end();
  });
}

function redirectOf({ statusCode = 0, headers }: IncomingMessage, from: URL): URL | null {
  if (![301, 302, 303, 307, 308].includes(statusCode)) return null;
  if (!headers.location || !URL.canParse(headers.location, from)) {
    throw new UrlUnreachableError(from.host, 'leads on to no address');
  }
  return parseUrl(new URL(headers.location, from).href);
}

async function readBody(
  answer: IncomingMessage,
  url: URL,
  rules: FetchRules,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const { statusCode = 0, headers } = answer;
  try {
    if (statusCode !== 200) throw new UrlUnreachableError(url.host, `answered ${statusCode}`);
    refuseUnwanted(headers);
    const pieces: Buffer[] = [];
    let size = 0;
    for await (const piece of answer as AsyncIterable<Buffer>) {
      size += piece.length;
      if (size > rules.maxBytes) {
        throw new UrlRefusedError(
          `The file has more than ${rules.maxBytes / 1024 / 1024} MB. Download it and send it as a file.`,
        );
      }
      pieces.push(piece);
    }
    return new Uint8Array(Buffer.concat(pieces));
  } catch (error) {
    if (signal.aborted) throw new UrlUnreachableError(url.host, 'takes too long');
    if (error instanceof UrlRefusedError || error instanceof UrlUnreachableError) throw error;
    throw new UrlUnreachableError(url.host, 'broke off in the middle');
  } finally {
    answer.destroy();
  }
}

/** What packs its body, is a web page, or says that it is not for machines to learn from (X-Robots-Tag noai, TDM reservation). */
function refuseUnwanted(headers: IncomingMessage['headers']): void {
  const encoding = headers['content-encoding'] ?? 'identity';
  if (encoding !== 'identity')
    throw new UrlRefusedError(`The file comes packed (${encoding.slice(0, 20)}), which is not taken.`);
  if (/^text\/html/i.test(headers['content-type'] ?? '')) {
    throw new UrlRefusedError(
      'That is a web page. Give the address of a file: CSV, JSON Lines, Parquet, text, Word or PDF.',
    );
  }
  const robots = [headers['x-robots-tag'] ?? []].flat().join(',');
  if (/\bno(?:ai|ne)\b/i.test(robots) || headers['tdm-reservation'] === '1') {
    throw new UrlRefusedError('Its publisher says that the file is not for training. Ask them, or leave it out.');
  }
}

function nameOf(url: URL): string {
  const last = url.pathname.split('/').at(-1) || 'file.txt';
  try {
    return decodeURIComponent(last)
      .replace(/[\p{Cc}/\\]/gu, '_')
      .slice(-100);
  } catch {
    return last.slice(-100);
  }
}
