import { randomBytes } from 'node:crypto';
import { createWalletClient, http, publicActions, toHex } from 'viem';
import { generatePrivateKey, type PrivateKeyAccount, privateKeyToAccount } from 'viem/accounts';
import { createSiweMessage } from 'viem/siwe';
import { inferenceChannelsAbi } from '../../contracts-abi/inference-channels.ts';
import { openTokenAbi } from '../../contracts-abi/open-token.ts';
import { voucherTypedData } from '../../lib/kernel/voucher.ts';
import { devnet } from '../../lib/platform/chain/chains.ts';
import { readDeployment } from '../../lib/platform/deployment.ts';
import type { Runtime } from './place.ts';

export type AnswerEnd = { status: number; code: string | null; text: string; ended: boolean };

/** Somebody who pays and asks by program: a session, a channel and vouchers as in the browser, without one. */
export class HeadlessPayer {
  readonly #url: string;
  readonly #runtime: Runtime;
  readonly #account: PrivateKeyAccount;
  readonly #sessionKey = privateKeyToAccount(generatePrivateKey());
  #cookie = '';

  constructor(url: string, runtime: Runtime, account: PrivateKeyAccount) {
    this.#url = url;
    this.#runtime = runtime;
    this.#account = account;
  }

  /** Signs in (EIP-4361) and keeps the session's cookie. */
  async signIn(): Promise<void> {
    const { nonce } = (await (await this.#post('/api/auth/nonce', {})).json()) as { nonce: string };
    const message = createSiweMessage({
      address: this.#account.address,
      chainId: this.#runtime.CHAIN_ID,
      nonce,
      domain: new URL(this.#url).host,
      uri: this.#url,
      version: '1',
      issuedAt: new Date(),
      expirationTime: new Date(Date.now() + 600_000),
    });
    const signature = await this.#account.signMessage({ message });
    const response = await this.#post('/api/auth/verify', { message, signature });
    if (!response.ok) throw new Error(`sign-in: ${response.status} ${await response.text()}`);
    this.#cookie = response.headers
      .getSetCookie()
      .map((cookie) => cookie.split(';')[0])
      .join('; ');
  }

  /** Approves and opens a channel with `wei` of the account's OPEN. */
  async openChannel(wei: bigint): Promise<void> {
    const { openToken, inferenceChannels, revenueRouter } = readDeployment(this.#runtime.DEPLOYMENT_FILE).addresses;
    const wallet = createWalletClient({
      account: this.#account,
      chain: devnet,
      transport: http(this.#runtime.RPC_URL),
    }).extend(publicActions);
    const approve = { address: openToken, abi: openTokenAbi, functionName: 'approve' } as const;
    const approved = await wallet.writeContract({ ...approve, args: [inferenceChannels, wei] });
    await wallet.waitForTransactionReceipt({ hash: approved });
    const open = { address: inferenceChannels, abi: inferenceChannelsAbi, functionName: 'open' } as const;
    const args = [revenueRouter, this.#sessionKey.address, 3_600, toHex(randomBytes(32)), wei] as const;
    await wallet.waitForTransactionReceipt({ hash: await wallet.writeContract({ ...open, args }) });
  }

  /**
   * Asks and reads the streamed answer to its end, signing the voucher that the server wants. `onText` runs at the first
   * words. An answer that breaks off has `ended: false`; status 0 means that the server could not be reached.
   */
  async ask(model: string, idempotencyKey: string, onText: () => Promise<void> = async () => {}): Promise<AnswerEnd> {
    let voucher: object | undefined;
    for (let attempt = 0; ; attempt++) {
      const response = await this.#request(model, idempotencyKey, voucher).catch(() => null);
      if (!response) return { status: 0, code: null, text: '', ended: false };
      if (response.ok) return readAnswer(response, onText);
      const { error } = (await response.json().catch(() => ({ error: {} }))) as {
        error: { code?: string; facts?: { channelId: `0x${string}`; requiredVoucherWei: string } };
      };
      if (error.code !== 'voucher_too_small' || attempt >= 3) {
        return { status: response.status, code: error.code ?? null, text: '', ended: false };
      }
      voucher = await this.#sign(error.facts!.channelId, error.facts!.requiredVoucherWei);
    }
  }

  #request(model: string, idempotencyKey: string, voucher: object | undefined): Promise<Response> {
    const messages = [{ role: 'user', content: `What should a defender know about case ${idempotencyKey}?` }];
    const body = { model, messages, max_tokens: 120, temperature: 1, stream: true, ...(voucher && { voucher }) };
    return this.#post('/api/v1/chat/completions', body, { 'idempotency-key': idempotencyKey });
  }

  async #sign(channelId: `0x${string}`, maxWei: string): Promise<object> {
    const { inferenceChannels } = readDeployment(this.#runtime.DEPLOYMENT_FILE).addresses;
    const domain = { chainId: this.#runtime.CHAIN_ID, inferenceChannels };
    const typed = voucherTypedData(domain, { channelId, maxClaimableWei: BigInt(maxWei) });
    return { channelId, maxWei, signature: await this.#sessionKey.signTypedData(typed) };
  }

  #post(path: string, body: object, headers: Record<string, string> = {}): Promise<Response> {
    return fetch(`${this.#url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: this.#url, cookie: this.#cookie, ...headers },
      body: JSON.stringify(body),
    });
  }
}

async function readAnswer(response: Response, onText: () => Promise<void>): Promise<AnswerEnd> {
  let text = '';
  let told = false;
  try {
    const decoder = new TextDecoder();
    for await (const bytes of response.body as unknown as AsyncIterable<Uint8Array>) {
      text += decoder.decode(bytes, { stream: true });
      if (!told && text.includes('"content"')) {
        told = true;
        await onText();
      }
    }
  } catch {
    return { status: response.status, code: null, text, ended: false };
  }
  return { status: response.status, code: null, text, ended: text.includes('[DONE]') && !text.includes('"error"') };
}
