/** Special tokens in id order: 0 to 5 of every vocabulary that we train. */
export const specialTokens = {
  endOfText: '<|endoftext|>',
  pad: '<|pad|>',
  system: '<|system|>',
  user: '<|user|>',
  assistant: '<|assistant|>',
  end: '<|end|>',
} as const;

/** The Jinja form of what `renderChat` renders, for other programs that open our model folders. */
export const chatTemplate =
  "{% for message in messages %}{{ '<|' + message['role'] + '|>\\n' + (message['content'] | trim) + '<|end|>\\n' }}" +
  "{% endfor %}{% if add_generation_prompt %}{{ '<|assistant|>\\n' }}{% endif %}";
