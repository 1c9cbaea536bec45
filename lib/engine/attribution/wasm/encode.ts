/** Value types of WebAssembly by their binary code. */
export const wasmType = { i32: 0x7f, i64: 0x7e, v128: 0x7b } as const;
export type WasmType = keyof typeof wasmType;

/** Instructions as bytes; nesting means nothing and keeps generators readable. */
export type WasmCode = readonly (number | WasmCode)[];

export type WasmFunction = {
  /** Exported under this name. */
  name: string;
  params: readonly WasmType[];
  results: readonly WasmType[];
  /** Local variables are numbered on after the parameters. */
  locals: readonly WasmType[];
  body: WasmCode;
};

/**
 * Serialises functions over one imported memory, `env.memory`, as a WebAssembly module. Written by hand: the binary format
 * of what we emit is five sections, which is less than any assembler we could depend on.
 * Source: WebAssembly core specification 2.0, chapter 5 (binary format).
 */
export function encodeWasmModule(functions: readonly WasmFunction[]): Uint8Array<ArrayBuffer> {
  const types = functions.map(({ params, results }) => [0x60, vector(params.map(typeOf)), vector(results.map(typeOf))]);
  const memory = [text('env'), text('memory'), 0x02, 0x00, leb(1)];
  const exports = functions.map(({ name }, i) => [text(name), 0x00, leb(i)]);
  const magicAndVersion = [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
  const module: WasmCode = [
    magicAndVersion,
    section(1, vector(types)),
    section(2, vector([memory])),
    section(3, vector(functions.map((_, i) => leb(i)))),
    section(7, vector(exports)),
    section(10, vector(functions.map(encodeBody))),
  ];
  return Uint8Array.from(flatten(module));
}

/** Unsigned LEB128. */
export function leb(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 128) {
    bytes.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  return [...bytes, rest];
}

/** Signed LEB128 of an integer within 32 bits. */
export function signedLeb(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  while (rest < -64 || rest > 63) {
    bytes.push((rest & 127) | 128);
    rest >>= 7;
  }
  return [...bytes, rest & 127];
}

function encodeBody({ locals, body }: WasmFunction): WasmCode {
  const declarations = vector(locals.map((type) => [leb(1), typeOf(type)]));
  return sized([declarations, body, 0x0b]);
}

function section(id: number, content: WasmCode): WasmCode {
  return [id, sized(content)];
}

function sized(content: WasmCode): WasmCode {
  const bytes = flatten(content);
  return [leb(bytes.length), bytes];
}

function vector(items: readonly (number | WasmCode)[]): WasmCode {
  return [leb(items.length), items];
}

function text(value: string): WasmCode {
  return sized([...Buffer.from(value, 'utf8')]);
}

function typeOf(type: WasmType): number {
  return wasmType[type];
}

function flatten(code: WasmCode): number[] {
  return code.flatMap((item) => (typeof item === 'number' ? item : flatten(item)));
}
