import { createHash, randomBytes } from 'node:crypto';

/** The account of an app or agent. `sign`: EIP-191 over a hash, e.g. viem's `signMessage({ message: { raw: hash } })`. */
export type TaskSigner = { address: string; sign: (hash: `0x${string}`) => Promise<string> };

/** What is going to be done. `gateway`: who must sign receipts there; left out: whoever the server says. `salt`: 32 random bytes as hex, to be given to who asked. */
export type TaskWork = {
  name: string;
  gateway?: string;
  request: string;
  salt: `0x${string}`;
  asker?: string;
  priceWei?: string;
  parent?: Pick<Task, 'task' | 'hash'>;
};
/** `tasks`: ids of the tasks below that it called. `channelId`: of the asker's acceptance, where something is charged. */
export type TaskEnd = { outcome: 'done' | 'failed'; output?: string; salt?: `0x${string}`; tasks?: string[] };

type Call = { kind: 'answer' | 'task'; id: string; hash: string; feeWei: string };
type Opening = {
  id: string;
  app: string;
  gateway: string;
  asker: string | null;
  depth: number;
  priceWei: string;
  [field: string]: unknown;
};
/** As the API gives a task. */
export type Task = {
  task: Opening;
  hash: string;
  status: 'open' | 'accepted' | 'closed' | 'lapsed';
  channelId: string | null;
  receipt: { body: { calls: Call[]; costWei: string; feeWei: string }; hash: string } | null;
  calls: { answers: Call[]; tasks: Call[]; waiting: number };
};

export function openingOf(work: TaskWork & { gateway: string }, signer: TaskSigner): Opening {
  const { parent } = work;
  return {
    ...{ kind: 'task', version: 1, id: `task_${randomBytes(16).toString('hex')}`, app: signer.address.toLowerCase() },
    ...{ name: work.name, gateway: work.gateway.toLowerCase(), openedAt: new Date().toISOString() },
    parent: parent ? { id: parent.task.id, hash: parent.hash } : null,
    depth: parent ? parent.task.depth + 1 : 1,
    asker: work.asker?.toLowerCase() ?? null,
    requestHash: textHash(work.salt, work.request),
    priceWei: work.priceWei ?? '0',
  };
}

/** The receipt of a task, to be signed: all answers that were asked for within it, and the tasks below that it called. */
export function closingOf(task: Task, { outcome, output, salt, tasks = [] }: TaskEnd): Record<string, unknown> {
  const unknown = tasks.find((id) => !task.calls.tasks.some((call) => call.id === id));
  if (unknown) throw new Error(`${unknown} is not a closed task below ${task.task.id}`);
  const calls = [...task.calls.answers, ...task.calls.tasks.filter(({ id }) => tasks.includes(id))];
  const isCharged = outcome === 'done' && task.status === 'accepted' && task.task.priceWei !== '0';
  return {
    ...{ kind: 'task-receipt', version: 1, taskId: task.task.id, taskHash: task.hash, app: task.task.app },
    ...{ gateway: task.task.gateway, payer: isCharged ? task.task.asker : null },
    ...{ channelId: isCharged ? task.channelId : null, closedAt: new Date().toISOString(), outcome },
    outputHash: output !== undefined && salt ? textHash(salt, output) : null,
    calls,
    costWei: calls.reduce((sum, { feeWei }) => sum + BigInt(feeWei), 0n).toString(),
    feeWei: isCharged ? task.task.priceWei : '0',
  };
}

/** SHA-256 over canonical JSON (RFC 8785): what is signed. Documents of tasks hold texts, whole numbers and null alone. */
export function documentHash(document: Record<string, unknown>): `0x${string}` {
  return `0x${createHash('sha256').update(canonical(document)).digest('hex')}`;
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([key, one]) => `${JSON.stringify(key)}:${canonical(one)}`).join(',')}}`;
}

function textHash(salt: `0x${string}`, text: string): string {
  return `0x${createHash('sha256')
    .update(Buffer.from(salt.slice(2), 'hex'))
    .update(text)
    .digest('hex')}`;
}
