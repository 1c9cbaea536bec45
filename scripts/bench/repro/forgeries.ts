import { createHash } from 'node:crypto';
import type { Hex, LocalAccount } from 'viem';
import { bufferSource } from '#lib/kernel/byte-source.ts';
import { readIndexFile } from '#lib/kernel/index-file.ts';
import type { VersionLineage } from '#lib/kernel/verification/receipt-evidence.ts';
import { type Draft, scoreAgain, seal, shareOut } from './draft.ts';

/** One way to forge, and the step that must give it away. */
export type Forgery = {
  name: string;
  step: string;
  /** Only where the answer read rows. */
  needsRead?: boolean;
  forge: (draft: Draft, tools: Tools) => Promise<void> | void;
};
export type Tools = {
  gateway: LocalAccount;
  forger: LocalAccount;
  version: VersionLineage;
  /** From 0 to 1, 1 excluded; seeded. */
  random: () => number;
};

type Change = (draft: Draft, tools: Tools) => void | Promise<void>;

const stranger = `0x${'66'.repeat(20)}` as const;
const noTask = { id: `task_${'6'.repeat(32)}`, hash: `0x${'66'.repeat(32)}`, app: stranger };

/** A field changed, everything that follows from it left; what contradicts it when the gateway itself signs the forgery. */
const fields: [name: string, step: string, change: Change][] = [
  ['version', 'schema', field('version', () => 3)],
  ['a field that does not exist', 'schema', field('bonus', () => 1)],
  [
    'a task that nobody opened',
    'proof',
    all(
      field('version', () => 3),
      field('task', () => noTask),
    ),
  ],
  ['id', 'proof', field('id', () => 'rcp_other')],
  ['inferenceId', 'proof', field('inferenceId', () => 'inf_other')],
  ['issuedAt', 'proof', field('issuedAt', () => '2031-01-01T00:00:00.000Z')],
  ['payer', 'proof', field('payer', () => stranger)],
  ['payer taken out', 'fee', field('payer', () => null)],
  ['channelId', 'proof', field('channelId', other)],
  ['requestHash', 'request', field('requestHash', other)],
  ['outputHash', 'output', field('outputHash', other)],
  ['model.id', 'proof', field('model.id', () => 'mdl_other')],
  ['model.versionHash', 'proof', field('model.versionHash', other)],
  ['model.adapterSha256', 'certificate-document', field('model.adapterSha256', other)],
  ['model.baseModel', 'proof', field('model.baseModel', () => 'another-base')],
  ['datanet.id', 'proof', field('datanet.id', () => 'dn_other')],
  ['datanet.versionId', 'proof', field('datanet.versionId', () => 'dv_other')],
  ['datanet.number', 'proof', field('datanet.number', plus1)],
  ['datanet.root', 'certificate-document', field('datanet.root', other)],
  ['tokens.prompt up', 'request', field('tokens.prompt', plus1)],
  ['tokens.prompt down', 'fee', field('tokens.prompt', minus1)],
  ['tokens.completion up', 'output', field('tokens.completion', plus1)],
  ['tokens.completion down', 'fee', field('tokens.completion', minus1)],
  ['price up', 'proof', field('price.inputWeiPerToken', plus(1n))],
  ['price down', 'fee', field('price.outputWeiPerToken', plus(-1n))],
  ['feeWei up', 'fee', field('feeWei', plus(1n))],
  ['feeWei down', 'proof', field('feeWei', plus(-1n))],
  ['split beyond the whole', 'split', field('split.data', plus1)],
  ['split shifted', 'proof', all(field('split.data', minus1), field('split.model', plus1))],
];

const attributionFields: typeof fields = [
  // A later version that cuts alike, so that the cut does not give it away.
  ['method', 'index', field('attribution.method', () => 'lora-b-fisher-int8/10')],
  ['indexSha256', 'certificate-document', field('attribution.indexSha256', otherDigest)],
  ['indexRows', 'scores', field('attribution.indexRows', plus1)],
  ['queryCodesHash', 'codes', field('attribution.queryCodesHash', otherDigest)],
  ['certificate.sha256', 'certificate-document', field('attribution.certificate.sha256', other)],
  ['certificate.status', 'certificate', field('attribution.certificate.status', () => 'refused')],
  ['certificate.alphaPpm', 'explained', field('attribution.certificate.alphaPpm', (ppm: number) => ppm + 1_000)],
  ['alphaPpm fitted', 'certificate-document', fitted('attribution.certificate.alphaPpm', (ppm: number) => ppm + 1_000)],
  ['basis', 'certificate', field('attribution.basis', () => 'flat')],
  ['sigma', 'cut', field('attribution.sigma', plus(1_000n))],
  ['cutScore', 'cut', field('attribution.cutScore', plus(10n))],
  ['positiveSum fitted', 'scores', fitted('attribution.positiveSum', plus(1n))],
  ['explainedPpm', 'explained', field('attribution.explainedPpm', minus1)],
  ['score of a row fitted', 'scores', fitted('attribution.rows.0.score', plus(1n))],
  ['score of another row fitted', 'scores', fitted('attribution.rows.1.score', plus(1n))],
  ['sharePpm of a row', 'rows', field('attribution.rows.0.sharePpm', plus1)],
  ['sharePpm of a role', 'roles', field('attribution.rows.0.roles.0.sharePpm', plus1)],
  ['role of a row', 'roles', field('attribution.rows.0.roles.0.role', () => 'feedback')],
  ['account of a row', 'shares', field('attribution.rows.0.roles.0.account', () => stranger)],
  ['account of a row fitted', 'people', fitted('attribution.rows.0.roles.0.account', () => stranger)],
  ['curator of a row fitted', 'people', fitted('attribution.rows.0.roles.1.account', () => stranger)],
  ['name of a row fitted', 'scores', fitted('attribution.rows.0.exampleId', () => 'ex_')],
  ['a row left out fitted', 'scores', fitted('attribution.rows', (rows: unknown[]) => rows.slice(1))],
  ['share of an account', 'shares', field('attribution.shares.0.sharePpm', plus1)],
  ['confidence of an account', 'shares', field('attribution.shares.0.sigmas', plus1)],
  ['an account left out', 'shares', field('attribution.shares', (shares: unknown[]) => shares.slice(1))],
  ['commonPpm', 'total', field('attribution.commonPpm', minus1)],
  ['verbatim matches added', 'proof', field('attribution.spans', spans)],
];

/** Files with one bit turned over, or with what they say changed. */
const files: typeof fields = [
  ['a bit of the index', 'index', file('index', flip)],
  ['a bit of the query codes', 'codes', file('codes', flip)],
  ['a bit of the certificate', 'certificate-document', file('certificate', flip)],
  ['a bit of the adapter', 'adapter', file('adapter', flip)],
  ['a bit of the period’s file', 'period', file('period', flip)],
  ['a contributor in the rows', 'people', file('rows', replacing(/("contributor":"0x)[0-9a-f]{4}/))],
  ['a content hash in the rows', 'people', file('rows', replacing(/("contentHash":"0x)[0-9a-f]{4}/))],
  ['a time in the rows', 'people', file('rows', replacing(/("contributedAt":)\d{4}/))],
  ['a hash of the proof', 'proof', (draft, tools) => turnProof(draft.settlement, tools)],
  ['receipts root of the proof', 'proof', ({ settlement }) => put(settlement, 'receiptsRoot', other)],
  ['earnings root of the proof', 'chain', ({ settlement }) => put(settlement, 'earningsRoot', other)],
  ['the answer', 'output', ({ answer }) => put(answer, 'output', (text: string) => `${text}.`)],
  ['the question', 'request', ({ answer }) => put(answer, 'messages.0.content', (text: string) => `${text}?`)],
  ['the salt', 'request', ({ answer }) => put(answer, 'salt', other)],
  ['a token of the answer', 'tokens', ({ answer }) => put(answer, 'completionIds.1', (id: number) => (id + 7) % 500)],
  ['tokens of the question', 'tokens', ({ answer }) => put(answer, 'promptIds', (ids: number[]) => ids.toReversed())],
  [
    'a bit of the signature',
    'signature',
    (draft, tools) => put(draft, 'signature', (hex: Hex) => flipHex(hex, tools, 64)),
  ],
  ['a bit of the hash', 'hash', (draft, tools) => put(draft, 'hash', (hex: Hex) => flipHex(hex, tools, 32))],
];

/** Of answers that read rows. */
const readFields: typeof fields = [
  ['share of rows read', 'retrieval', field('attribution.retrieval.sharePpm', plus1)],
  ['share of a row read', 'retrieval', field('attribution.retrieval.rows.0.sharePpm', plus1)],
  ['a value too few', 'retrieval', field('attribution.retrieval.microNats', (nats: number[]) => nats.slice(1))],
  [
    'a value fitted',
    'retrieval-values',
    // By 200 nats, so that the rows are paid even where reading them made the answer less likely.
    fitted('attribution.retrieval.microNats.3', (nats: number) => nats + 200_000_000),
  ],
  ['name of a row read fitted', 'people', fitted('attribution.retrieval.rows.0.exampleId', () => 'ex_')],
  ['length of a row read', 'retrieval-values', field('attribution.retrieval.rows.0.chars', plus1)],
  [
    'what was quoted',
    'retrieval-values',
    ({ answer }) => put(answer, 'passages.0', (text: string) => `x${text.slice(1)}`),
  ],
];

/** The gateway forges with everything made to fit, as far as it can. */
const collusions: typeof fields = [
  ['codes of another answer, all made to fit', 'gradient', all(file('codes', otherCodes), fitCodes)],
  // Within what another processor may give: no share moves by 0.5 %. But it is not the receipt that was committed to.
  ['one bit of the codes, all made to fit', 'proof', all(file('codes', turnFirst), fitCodes)],
  ['codes of a row of the index, hashes made to fit', 'scores', all(turnPaidRow, fitIndex)],
];

/** Every forgery there is, each with who signs it. */
export const forgeries: readonly Forgery[] = [
  ...[...fields, ...attributionFields, ...collusions].map(
    ([name, step, change]): Forgery => ({
      name: `${name}, signed by the gateway`,
      step,
      async forge(draft, tools) {
        await change(draft, tools);
        await seal(draft, tools.gateway);
      },
    }),
  ),
  ...[...fields, ...attributionFields].map(
    ([name, step, change]): Forgery => ({
      name,
      step: step === 'schema' ? 'schema' : 'hash',
      forge: change,
    }),
  ),
  ...[...fields, ...attributionFields].map(
    ([name, step, change]): Forgery => ({
      name: `${name}, signed by the forger`,
      step: step === 'schema' ? 'schema' : 'signature',
      async forge(draft, tools) {
        await change(draft, tools);
        await seal(draft, tools.forger);
      },
    }),
  ),
  {
    name: 'signed by the forger under a name of their own',
    step: 'signer',
    async forge(draft, tools) {
      draft.body.gateway = tools.forger.address.toLowerCase() as Hex;
      await seal(draft, tools.forger);
    },
  },
  ...files.map(([name, step, forge]): Forgery => ({ name, step, forge })),
  ...readFields.map(
    ([name, step, change]): Forgery => ({
      name: `${name}, signed by the gateway`,
      ...{ step, needsRead: true },
      async forge(draft, tools) {
        await change(draft, tools);
        await seal(draft, tools.gateway);
      },
    }),
  ),
];

/** The files' forgeries, of which one place is as good as another: repeated at other places until there are enough. */
export const repeatable: readonly Forgery[] = forgeries.filter(
  ({ name }) => name.startsWith('a bit') || name.startsWith('a hash'),
);

/** The receipt's value at `path` (dots; numbers are places in lists) replaced by what `next` makes of it. */
function field<T>(path: string, next: (value: T) => unknown): Change {
  return ({ body }) => put(body, path, next);
}

/** The same, and all shares made to follow from it. */
function fitted<T>(path: string, next: (value: T) => unknown): Change {
  return all(field(path, next), ({ body }) => shareOut(body));
}

function file(
  kind: 'index' | 'codes' | 'certificate' | 'adapter' | 'period' | 'rows',
  next: (bytes: Uint8Array, tools: Tools) => Uint8Array,
): Change {
  return (draft, tools) => put(draft, kind, (bytes: Uint8Array) => next(bytes, tools));
}

function all(...changes: Change[]): Change {
  return async (draft, tools) => {
    for (const change of changes) await change(draft, tools);
  };
}

function put<T>(root: object, path: string, next: (value: T) => unknown): void {
  const keys = path.split('.');
  const last = keys.pop()!;
  const parent = keys.reduce((at, key) => at[key] as Record<string, unknown>, root as Record<string, unknown>);
  parent[last] = next(parent[last] as T);
}

function other(hash: string): Hex {
  return `0x${createHash('sha256').update(hash).digest('hex')}`;
}

function otherDigest(hash: string): string {
  return other(hash).slice(2);
}

function plus(more: bigint): (text: string) => string {
  return (text) => (BigInt(text) + more).toString();
}

function plus1(value: number): number {
  return value + 1;
}

function minus1(value: number): number {
  return value - 1;
}

function spans() {
  return { indexSha256: otherDigest('spans'), count: 1, hash: other('spans') };
}

/** Every second code negated: as far from the answer's gradient as another answer's. */
function otherCodes(bytes: Uint8Array): Uint8Array {
  return bytes.map((byte, i) => (i < bytes.length - 4 && i % 2 === 0 ? -byte & 0xff : byte));
}

function turnFirst(bytes: Uint8Array): Uint8Array {
  return bytes.with(0, bytes[0]! ^ 1);
}

/** Codes of a row that is paid: of another, nothing that the receipt says may change. */
async function turnPaidRow(draft: Draft): Promise<void> {
  const { ids, rowsAt, stride, dims, packed } = await readIndexFile(bufferSource(draft.index));
  const row = rowsAt + ids.indexOf(draft.body.attribution.rows[0]!.exampleId) * stride;
  const [first, end] = packed ? [row + 4, row + stride] : [row, row + dims];
  draft.index = draft.index.map((byte, i) => (i >= first && i < end ? byte ^ 0x3f : byte));
}

async function fitCodes(draft: Draft, { version }: Tools): Promise<void> {
  draft.body.attribution.queryCodesHash = createHash('sha256').update(draft.codes).digest('hex');
  await scoreAgain(draft, version);
}

/** With a certificate that was changed alike. */
function fitIndex(draft: Draft): void {
  const { attribution } = draft.body;
  const certified = attribution.indexSha256;
  attribution.indexSha256 = createHash('sha256').update(draft.index).digest('hex');
  const document = new TextDecoder().decode(draft.certificate).replace(certified, attribution.indexSha256);
  draft.certificate = new TextEncoder().encode(document);
  attribution.certificate.sha256 = other(document);
}

function flip(bytes: Uint8Array, { random }: Tools): Uint8Array {
  const at = Math.floor(random() * bytes.length);
  return bytes.with(at, bytes[at]! ^ (1 << Math.floor(random() * 8)));
}

function flipHex(hex: Hex, tools: Tools, bytes: number): Hex {
  const changed = flip(Buffer.from(hex.slice(2, 2 + 2 * bytes), 'hex'), tools);
  return `0x${Buffer.from(changed).toString('hex')}${hex.slice(2 + 2 * bytes)}`;
}

function turnProof(settlement: Draft['settlement'], tools: Tools): void {
  const at = Math.floor(tools.random() * settlement.proof.length);
  put(settlement, `proof.${at}`, (hash: Hex) => flipHex(hash, tools, 32));
}

function replacing(pattern: RegExp): (bytes: Uint8Array) => Uint8Array {
  return (bytes) => new TextEncoder().encode(new TextDecoder().decode(bytes).replace(pattern, '$16666'));
}
