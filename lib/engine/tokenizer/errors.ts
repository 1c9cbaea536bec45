/** The model folder has no tokenizer or chat template that the engine can load. */
export class TokenizerError extends Error {
  readonly code = 'tokenizer_invalid';
  override readonly name = 'TokenizerError';
}

/** The chat template does not take this conversation: the roles are in an order that it refuses, or it fails. */
export class ChatTemplateError extends Error {
  readonly code = 'chat_template_failed';
  override readonly name = 'ChatTemplateError';
}
