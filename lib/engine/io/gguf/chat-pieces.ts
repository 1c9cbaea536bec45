import type { Tokenizer } from '../../tokenizer/tokenizer.ts';

type Role = 'system' | 'user' | 'assistant';
type Message = { role: Role; content: string };

/** What a chat template writes before and after each message, for programs that have no Jinja. */
export type ChatPieces = {
  /** Before the conversation: a bos token that the template writes and llama.cpp does not add by itself. */
  start: string;
  around: Readonly<Record<Role, { before: string; after: string }>>;
  /** What invites the answer. */
  generationPrompt: string;
  /** What the template says as the system where a conversation has no system message. */
  defaultSystem: string | null;
};

/** What is asked of a tokenizer here. */
export type ChatTokenizer = Pick<Tokenizer, 'chatFormat' | 'chatTemplate' | 'bosToken' | 'eosToken' | 'addsBos'>;

/**
 * Finds out what a chat template writes around messages by letting it render some, and proves it on other conversations.
 * Null where that does not describe the template: it looks at positions, joins system and user, or refuses a role.
 */
export function chatPieces({
  chatFormat,
  chatTemplate,
  bosToken,
  eosToken,
  addsBos,
}: ChatTokenizer): ChatPieces | null {
  if (chatFormat !== 'template') return null;
  const [bos_token, eos_token] = [bosToken ?? '', eosToken ?? ''];
  const render: Render = (messages, add_generation_prompt) => {
    const text = chatTemplate.render({ messages, add_generation_prompt, bos_token, eos_token });
    return text.startsWith(bos_token) ? text.slice(bos_token.length) : text;
  };
  try {
    const pieces = probe(render);
    if (!pieces || !isProven(pieces, render)) return null;
    const messages: Message[] = [{ role: 'user', content: mark(0) }];
    const whole = chatTemplate.render({ messages, add_generation_prompt: true, bos_token, eos_token });
    return { ...pieces, start: !addsBos && whole.startsWith(bos_token) ? bos_token : '' };
  } catch {
    return null; // a template that refuses these conversations, which are ordinary ones
  }
}

/** The text of a conversation by its pieces, without the start: what `chatPieces` proves to be the template's own. */
export function renderPieces(
  { around, generationPrompt, defaultSystem }: Omit<ChatPieces, 'start'>,
  messages: readonly Message[],
  addGenerationPrompt: boolean,
): string {
  const isSilent = defaultSystem === null || messages[0]?.role === 'system';
  const all: readonly Message[] = isSilent ? messages : [{ role: 'system', content: defaultSystem }, ...messages];
  const said = all.map(({ role, content }) => around[role].before + content + around[role].after).join('');
  return said + (addGenerationPrompt ? generationPrompt : '');
}

type Render = (messages: Message[], addGenerationPrompt: boolean) => string;

/** A word that no template writes by itself. */
const mark = (n: number): string => `QZ${n}ZQ`;

type MessagePieces = Omit<ChatPieces, 'start'>;

function probe(render: Render): MessagePieces | null {
  const [s, u, a, w] = [mark(1), mark(2), mark(3), mark(4)];
  const system: Message = { role: 'system', content: s };
  const user: Message = { role: 'user', content: u };
  const assistant: Message = { role: 'assistant', content: a };
  const alone = render([system], false).split(s);
  const pair = render([system, user], false);
  const invited = render([system, user], true);
  const triple = render([system, user, assistant], false);
  if (alone.length !== 2 || !invited.startsWith(pair) || !triple.startsWith(pair)) return null;
  if (!pair.startsWith(alone.join(s))) return null;
  const [beforeUser, afterUser] = pair.slice(alone.join(s).length).split(u);
  const [beforeAssistant, afterAssistant] = triple.slice(pair.length).split(a);
  if (afterUser === undefined || afterAssistant === undefined) return null;
  const around = {
    system: { before: alone[0]!, after: alone[1]! },
    user: { before: beforeUser!, after: afterUser },
    assistant: { before: beforeAssistant!, after: afterAssistant },
  };
  const bare = render([{ role: 'user', content: w }], false);
  const tail = around.system.after + around.user.before + w + around.user.after;
  const hasDefault = bare.startsWith(around.system.before) && bare.endsWith(tail) && around.system.before !== '';
  const isPlain = bare === around.user.before + w + around.user.after;
  if (!isPlain && !hasDefault) return null;
  const defaultSystem = isPlain ? null : bare.slice(around.system.before.length, bare.length - tail.length);
  return { around, generationPrompt: invited.slice(pair.length), defaultSystem };
}

function isProven(pieces: MessagePieces, render: Render): boolean {
  const [a, b, c, d, e] = [5, 6, 7, 8, 9].map((n) => mark(n)) as [string, string, string, string, string];
  const conversations: Message[][] = [
    [{ role: 'user', content: a }],
    [
      { role: 'user', content: a },
      { role: 'assistant', content: b },
      { role: 'user', content: c },
    ],
    [
      { role: 'system', content: a },
      { role: 'user', content: b },
      { role: 'assistant', content: c },
      { role: 'user', content: d },
      { role: 'assistant', content: e },
    ],
  ];
  return conversations.every((messages) =>
    [true, false].every((invite) => render(messages, invite) === renderPieces(pieces, messages, invite)),
  );
}
