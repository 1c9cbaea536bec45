import { chatTemplate, specialTokens } from './chat-format.ts';
import { type BpeVocabulary, preTokenPattern } from './train-bpe.ts';

/** The content of a Hugging Face `tokenizer.json` for a vocabulary of `trainBpe`. */
export function tokenizerJson({ tokens, merges }: BpeVocabulary): object {
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: Object.values(specialTokens).map((content, id) => ({
      id,
      content,
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
      special: true,
    })),
    normalizer: null,
    pre_tokenizer: {
      type: 'Sequence',
      pretokenizers: [
        { type: 'Split', pattern: { Regex: preTokenPattern }, behavior: 'Isolated', invert: false },
        { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: false },
      ],
    },
    post_processor: null,
    decoder: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true },
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: false,
      byte_fallback: false,
      ignore_merges: false,
      vocab: Object.fromEntries(tokens.map((token, id) => [token, id])),
      merges,
    },
  };
}

/** The content of `tokenizer_config.json`. @param contextTokens the model's context length */
export function tokenizerConfigJson(contextTokens: number): object {
  return {
    tokenizer_class: 'PreTrainedTokenizerFast',
    model_max_length: contextTokens,
    bos_token: specialTokens.endOfText,
    eos_token: specialTokens.endOfText,
    pad_token: specialTokens.pad,
    clean_up_tokenization_spaces: false,
    chat_template: chatTemplate,
  };
}
