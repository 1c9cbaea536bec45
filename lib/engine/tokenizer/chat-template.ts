import { Environment, Interpreter, parse, tokenize } from '@huggingface/jinja';
import { ChatTemplateError, TokenizerError } from './errors.ts';

/** Templates come with downloaded models: nothing they do may take the process with it. */
const limits = { sourceChars: 65_536, cost: 100_000, rangeItems: 10_000 };

/**
 * Characters around what `{% generation %}` blocks render. Halves of a surrogate pair, which no well-formed text has, so
 * that no message can contain them.
 */
export const generationStart = '\uDC02';
export const generationEnd = '\uDC03';

/** What a template sees beside the messages. */
export type TemplateVariables = {
  messages: readonly { role: string; content: string }[];
  add_generation_prompt: boolean;
  bos_token: string;
  eos_token: string;
};

type Program = ReturnType<typeof parse>;

/**
 * A Jinja chat template as Hugging Face defines them: whitespace trimmed around blocks, `raise_exception`, and
 * `{% generation %}` blocks, whose output comes between `generationStart` and `generationEnd`. There is no clock
 * (`strftime_now` is undefined): the same conversation gives the same tokens on every day.
 */
export class ChatTemplate {
  readonly source: string;
  /** Whether the template itself says which part the assistant speaks. */
  readonly marksGeneration: boolean;
  private readonly program: Program;

  /** @throws TokenizerError if the source is no template */
  constructor(source: string) {
    if (source.length > limits.sourceChars) {
      throw new TokenizerError(`The chat template has ${source.length} characters; ${limits.sourceChars} are allowed.`);
    }
    const marked = markGeneration(source);
    this.source = source;
    this.marksGeneration = marked !== source;
    try {
      this.program = parse(tokenize(marked, { lstrip_blocks: true, trim_blocks: true }));
    } catch (cause) {
      throw new TokenizerError(`The chat template is no valid Jinja: ${messageOf(cause)}.`, { cause });
    }
  }

  /** @throws ChatTemplateError if the template refuses the conversation, fails, or does not come to an end */
  render(variables: TemplateVariables): string {
    const environment = new Environment();
    for (const [name, value] of Object.entries({ ...globals(), ...variables })) environment.set(name, value);
    try {
      return String(new BoundedInterpreter(environment).run(this.program).value);
    } catch (cause) {
      if (cause instanceof ChatTemplateError) throw cause;
      throw new ChatTemplateError(`The chat template failed: ${messageOf(cause)}.`, { cause });
    }
  }
}

/** Counts what is evaluated, and the length of every string and list, so that no template runs or grows for ever. */
class BoundedInterpreter extends Interpreter {
  private cost = 0;

  override evaluate(...call: Parameters<Interpreter['evaluate']>): ReturnType<Interpreter['evaluate']> {
    const result = super.evaluate(...call);
    const value: unknown = result.value;
    // A list counts in full, since a loop with nothing in it evaluates nothing; characters are cheap.
    if (Array.isArray(value)) this.cost += value.length;
    else if (typeof value === 'string') this.cost += value.length >> 8;
    this.cost += 1;
    if (this.cost > limits.cost) {
      throw new ChatTemplateError('The chat template does not come to an end within what a template may take.');
    }
    return result;
  }
}

function globals(): Record<string, unknown> {
  return {
    true: true,
    false: false,
    none: null,
    True: true,
    False: false,
    None: null,
    range,
    raise_exception: (message: unknown) => {
      throw new ChatTemplateError(`The chat template refuses this conversation: ${String(message)}`);
    },
  };
}

/** Python's `range`. */
function range(first: number, second?: number, step = 1): number[] {
  const [start, stop] = second === undefined ? [0, first] : [first, second];
  const length = Math.max(0, Math.ceil((stop - start) / step));
  if (!(length <= limits.rangeItems)) throw new Error(`range of ${length} numbers; ${limits.rangeItems} are allowed`);
  return Array.from({ length }, (_, i) => start + i * step);
}

/** The library drops `{% generation %}`; as an if-block it keeps the tag's way with whitespace and leaves a mark. */
function markGeneration(source: string): string {
  return source.replace(
    /\{%(-?)\s*(end)?generation\s*(-?)%\}/g,
    (_tag, before: string, end: string | undefined, after: string) =>
      `{%${before} if true %}{{ '${end ? generationEnd : generationStart}' }}{% endif ${after}%}`,
  );
}

function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replace(/\.$/, '');
}
