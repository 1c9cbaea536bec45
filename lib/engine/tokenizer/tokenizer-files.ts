import { TokenizerError } from './errors.ts';

/** An entry of `added_tokens`. */
export type AddedToken = {
  id: number;
  content: string;
  special: boolean;
  lstrip: boolean;
  rstrip: boolean;
  normalized: boolean;
};

/** What we take from `tokenizer.json` and `tokenizer_config.json` ourselves; the rest is the library's. */
export type TokenizerFiles = {
  vocabulary: Record<string, number>;
  addedTokens: AddedToken[];
  bosToken: string | null;
  eosToken: string | null;
  addsBos: boolean;
};

type Fields = Record<string, unknown>;

/** @throws TokenizerError if there is no vocabulary of the kind that byte-pair models have */
export function parseTokenizerFiles(json: object, config: object): TokenizerFiles {
  const { model, added_tokens: added, post_processor: processor } = json as Fields;
  const { type, vocab } = (model ?? {}) as Fields;
  if (type !== 'BPE' || typeof vocab !== 'object' || vocab === null) {
    throw new TokenizerError(`tokenizer.json: the model ${JSON.stringify(type)} is not supported; BPE is.`);
  }
  const { bos_token: bos, eos_token: eos, add_bos_token: addBos } = config as Fields;
  const bosToken = contentOf(bos);
  return {
    vocabulary: vocab as Record<string, number>,
    addedTokens: Array.isArray(added) ? (added as AddedToken[]) : [],
    bosToken,
    eosToken: contentOf(eos),
    addsBos:
      bosToken !== null &&
      (typeof addBos === 'boolean'
        ? addBos
        : JSON.stringify(processor ?? null).includes(`"SpecialToken":{"id":${JSON.stringify(bosToken)}`)),
  };
}

/**
 * The chat template: the file `chat_template.jinja`, else the `chat_template` of `tokenizer_config.json`, of several
 * the one named "default". Null if there is none.
 *
 * @throws TokenizerError if there are several and none is the default
 */
export function findTemplate(config: object, file: string | null): string | null {
  const template = file ?? (config as Fields).chat_template ?? null;
  if (template === null || typeof template === 'string') return template;
  const named = Array.isArray(template) ? (template as Fields[]) : [];
  const chosen = named.find(({ name }) => name === 'default') ?? (named.length === 1 ? named[0] : undefined);
  if (typeof chosen?.template === 'string') return chosen.template;
  const names = named.map(({ name }) => String(name)).join(', ');
  throw new TokenizerError(`tokenizer_config.json has chat templates (${names}), but none is named "default".`);
}

/** Special tokens are written as text or as an object with their content. */
function contentOf(token: unknown): string | null {
  const content = typeof token === 'object' && token !== null ? (token as Fields).content : token;
  return typeof content === 'string' ? content : null;
}
