import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { RpcError } from './call-rpc.ts';
import type { Devnet } from './devnet.ts';

type Request = { jsonrpc?: string; id?: unknown; method?: string; params?: unknown[] };

const corsHeaders = {
  'access-control-allow-origin': '*',
  'access-control-allow-headers': 'content-type',
  'access-control-allow-methods': 'POST, OPTIONS',
};
const bodyBytesMax = 16 * 1024 * 1024;

/** Methods that change the chain other than by a signed transaction; the journal could not repeat them after a crash. */
const refusedMethods =
  /^(anvil|evm|hardhat|miner|personal)_|^(eth_sendTransaction|eth_sendUnsignedTransaction|eth_sendRawTransactionSync|debug_setHead)$/;
const allowedAnyway = new Set(['anvil_nodeInfo', 'anvil_metadata']);

/** JSON-RPC over HTTP for wallets and our own processes: reads pass to anvil, signed transactions go through the journal. */
export function listenForRpc(devnet: Devnet, port: number): Promise<Server> {
  const server = createServer((request, response) => {
    handle(devnet, request, response).catch((error: unknown) => {
      send(response, 500, { jsonrpc: '2.0', id: null, error: { code: -32_603, message: String(error) } });
    });
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}

/** Who listens, for the launcher: what answers on a port may be another installation's devnet. */
export const devnetPidHeader = 'x-devnet-pid';

async function handle(devnet: Devnet, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method !== 'POST') {
    const headers = { ...corsHeaders, [devnetPidHeader]: String(process.pid) };
    response.writeHead(request.method === 'OPTIONS' ? 204 : 405, headers).end();
    return;
  }
  const body = await readBody(request);
  let parsed: Request | Request[];
  try {
    parsed = JSON.parse(body) as Request | Request[];
  } catch {
    send(response, 400, { jsonrpc: '2.0', id: null, error: { code: -32_700, message: 'the body is not JSON' } });
    return;
  }
  const requests = Array.isArray(parsed) ? parsed : [parsed];
  if (!requests.some((one) => isOurs(one.method))) {
    sendText(response, 200, await forward(devnet, body));
    return;
  }
  const answers: unknown[] = [];
  for (const one of requests) answers.push(await answer(devnet, one)); // in order: nonces follow one another
  send(response, 200, Array.isArray(parsed) ? answers : answers[0]);
}

function isOurs(method: string | undefined): boolean {
  if (method === undefined || allowedAnyway.has(method)) return false;
  return method === 'eth_sendRawTransaction' || refusedMethods.test(method);
}

async function answer(devnet: Devnet, request: Request): Promise<unknown> {
  const id = request.id ?? null;
  if (!isOurs(request.method)) return JSON.parse(await forward(devnet, JSON.stringify(request)));
  if (request.method !== 'eth_sendRawTransaction') {
    const message = `${request.method} is not offered: this devnet keeps only signed transactions, because only these can be repeated after a crash. Start your own anvil and give its RPC_URL to use it.`;
    return { jsonrpc: '2.0', id, error: { code: -32_601, message } };
  }
  const raw = request.params?.[0];
  if (typeof raw !== 'string' || !/^0x([0-9a-fA-F]{2})+$/.test(raw)) {
    return {
      jsonrpc: '2.0',
      id,
      error: { code: -32_602, message: 'params[0] must be a signed transaction in hexadecimal' },
    };
  }
  try {
    return { jsonrpc: '2.0', id, result: await devnet.send(raw) };
  } catch (error) {
    const known = error instanceof RpcError ? error : new RpcError({ code: -32_603, message: String(error) });
    return { jsonrpc: '2.0', id, error: { code: known.code, message: known.message, data: known.data } };
  }
}

/** Sends a read to anvil; once more after a recovery if anvil died under it. */
async function forward(devnet: Devnet, body: string): Promise<string> {
  const headers = { 'content-type': 'application/json' };
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await (await fetch(await devnet.readUrl(), { method: 'POST', headers, body })).text();
    } catch (error) {
      if (attempt === 20) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > bodyBytesMax) throw new Error('the request is larger than 16 MB');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

const send = (response: ServerResponse, status: number, body: unknown) =>
  sendText(response, status, JSON.stringify(body));

function sendText(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { ...corsHeaders, 'content-type': 'application/json' }).end(body);
}
