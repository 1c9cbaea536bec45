import type { ChatPieces } from './chat-pieces.ts';

export type OllamaModelfileInput = {
  /** GGUF files beside the Modelfile. */
  baseFile: string;
  adapterFile: string | null;
  /** Null: Ollama is left to recognise the chat template in the base's GGUF. */
  pieces: ChatPieces | null;
  /** Texts after which an answer is over. */
  stops: readonly string[];
  contextTokens: number;
};

/**
 * An Ollama Modelfile (https://docs.ollama.com/modelfile): `ollama create <name> -f Modelfile` in the folder of the
 * files. The chat format is written as a Go template; every literal is a quoted Go string, so that no space or line
 * break is lost.
 */
export function ollamaModelfile(input: OllamaModelfileInput): string {
  const { baseFile, adapterFile, pieces, stops, contextTokens } = input;
  const lines = [`FROM ./${baseFile}`];
  if (adapterFile !== null) lines.push(`ADAPTER ./${adapterFile}`);
  if (pieces) lines.push(`TEMPLATE """${goTemplate(pieces)}"""`);
  else lines.push('# The chat template has no Go form; Ollama takes the one in the model file where it knows it.');
  if (pieces?.defaultSystem) lines.push(`SYSTEM """${pieces.defaultSystem}"""`);
  const end = pieces?.around.assistant.after.trim();
  const all = new Set([...(end ? [end] : []), ...stops]);
  for (const stop of all) lines.push(`PARAMETER stop ${JSON.stringify(stop)}`);
  lines.push(`PARAMETER num_ctx ${contextTokens}`);
  return `${lines.join('\n')}\n`;
}

function goTemplate({ start, around, generationPrompt }: ChatPieces): string {
  const message = (['system', 'user', 'assistant'] as const)
    .map((role, i) => {
      const { before, after } = around[role];
      return `{{ ${i === 0 ? 'if' : 'else if'} eq .Role "${role}" }}${literal(before)}{{ .Content }}${literal(after)}`;
    })
    .join('');
  return `${literal(start)}{{ range .Messages }}${message}{{ end }}{{ end }}${literal(generationPrompt)}`;
}

/** Go reads JSON's escapes in an interpreted string as they are meant. */
function literal(text: string): string {
  return text === '' ? '' : `{{ ${JSON.stringify(text)} }}`;
}
