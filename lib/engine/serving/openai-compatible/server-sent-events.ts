/**
 * Payloads of a `text/event-stream` body up to `[DONE]`, parsed as JSON. Chunks may be cut anywhere, also within a
 * character; comment lines and other fields are skipped (WHATWG HTML, 9.2.6). `idleMs` is the longest silence.
 *
 * @throws Error when the body breaks, falls silent or ends before `[DONE]`
 */
export async function* readServerSentEvents(
  body: ReadableStream<Uint8Array>,
  idleMs: () => number,
): AsyncGenerator<unknown, void, undefined> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for (;;) {
      const { value, done } = await within(reader.read(), idleMs());
      if (done) throw new Error('the stream ended before [DONE]');
      const lines = (rest + decoder.decode(value, { stream: true })).split(/\r?\n/);
      rest = lines.pop() ?? '';
      for (const line of lines) {
        if (!line.startsWith('data:')) continue;
        const data = line.slice(5).trim();
        if (data === '[DONE]') return;
        yield JSON.parse(data);
      }
    }
  } finally {
    // Closes the connection where the server still writes: it then stops generating.
    await reader.cancel().catch(() => {});
  }
}

async function within<T>(work: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no token for ${Math.round(ms / 1000)} s`)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
