/** Element types that the engine uses, by their code in `TensorProto.DataType`. */
export const onnxTypeCode = { f32: 1, i32: 6, i64: 7, bool: 9 } as const;
export type DType = keyof typeof onnxTypeCode;

export type OnnxAttribute = number | readonly number[] | string | { float: number };
export type OnnxTensor = {
  name: string;
  dtype: DType;
  shape: readonly number[];
  /** The elements, or where they lie: a byte range of a file in the folder that the session is told of. */
  data: Uint8Array | { file: string; offset: number; length: number };
};
export type OnnxValueInfo = {
  name: string;
  dtype: DType;
  /** Sizes, or names of sizes that are known when the graph runs. */
  shape: readonly (number | string)[];
  /** A sequence of such tensors in place of one. */
  isSequence?: boolean;
};
export type OnnxNode = {
  op: string;
  /** Left out: ONNX's own operators. `com.microsoft` has onnxruntime's fused ones. */
  domain?: string;
  inputs: readonly string[];
  outputs: readonly string[];
  attributes: Readonly<Record<string, OnnxAttribute>>;
};
export type OnnxGraph = {
  name: string;
  nodes: readonly OnnxNode[];
  initializers: readonly OnnxTensor[];
  inputs: readonly OnnxValueInfo[];
  outputs: readonly OnnxValueInfo[];
};

/**
 * Serialises a graph as an ONNX `ModelProto` (ir_version 10; opset 21, version 1 of any other domain).
 *
 * The encoder writes the protobuf wire format by hand: the subset of onnx.proto3 that we emit has a dozen fields, and
 * a protobuf library would be a larger dependency than the whole builder.
 * Source: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3 (field numbers).
 */
export function encodeOnnxModel(graph: OnnxGraph): Uint8Array {
  const model = new ProtoWriter();
  model.varint(1, 10); // ir_version
  model.text(2, 'openledger-engine'); // producer_name
  model.message(7, encodeGraph(graph));
  const domains = new Set(graph.nodes.map((node) => node.domain ?? ''));
  for (const domain of new Set(['', ...domains])) {
    const opset = new ProtoWriter();
    opset.text(1, domain);
    opset.varint(2, domain === '' ? 21 : 1);
    model.message(8, opset);
  }
  return model.bytes();
}

function encodeGraph(graph: OnnxGraph): ProtoWriter {
  const writer = new ProtoWriter();
  for (const node of graph.nodes) writer.message(1, encodeNode(node));
  writer.text(2, graph.name);
  for (const tensor of graph.initializers) writer.message(5, encodeTensor(tensor));
  for (const input of graph.inputs) writer.message(11, encodeValueInfo(input));
  for (const output of graph.outputs) writer.message(12, encodeValueInfo(output));
  return writer;
}

function encodeNode(node: OnnxNode): ProtoWriter {
  const writer = new ProtoWriter();
  for (const input of node.inputs) writer.text(1, input);
  for (const output of node.outputs) writer.text(2, output);
  writer.text(4, node.op);
  if (node.domain) writer.text(7, node.domain);
  for (const [name, value] of Object.entries(node.attributes)) writer.message(5, encodeAttribute(name, value));
  return writer;
}

function encodeAttribute(name: string, value: OnnxAttribute): ProtoWriter {
  const writer = new ProtoWriter();
  writer.text(1, name);
  if (typeof value === 'number') {
    writer.varint(3, value);
    writer.varint(20, 2); // INT
  } else if (typeof value === 'string') {
    writer.text(4, value);
    writer.varint(20, 3); // STRING
  } else if ('float' in value) {
    writer.float(2, value.float);
    writer.varint(20, 1); // FLOAT
  } else {
    for (const item of value) writer.varint(8, item);
    writer.varint(20, 7); // INTS
  }
  return writer;
}

function encodeTensor(tensor: OnnxTensor): ProtoWriter {
  const writer = new ProtoWriter();
  for (const dim of tensor.shape) writer.varint(1, dim);
  writer.varint(2, onnxTypeCode[tensor.dtype]);
  writer.text(8, tensor.name);
  if (tensor.data instanceof Uint8Array) {
    writer.raw(9, tensor.data); // raw_data: little endian, row major
    return writer;
  }
  const { file, offset, length } = tensor.data;
  for (const [key, value] of Object.entries({ location: file, offset: String(offset), length: String(length) })) {
    const entry = new ProtoWriter();
    entry.text(1, key);
    entry.text(2, value);
    writer.message(13, entry); // external_data
  }
  writer.varint(14, 1); // data_location: EXTERNAL
  return writer;
}

function encodeValueInfo(info: OnnxValueInfo): ProtoWriter {
  const shape = new ProtoWriter();
  for (const dim of info.shape) {
    const dimension = new ProtoWriter();
    if (typeof dim === 'number') dimension.varint(1, dim);
    else dimension.text(2, dim);
    shape.message(1, dimension);
  }
  const tensorType = new ProtoWriter();
  tensorType.varint(1, onnxTypeCode[info.dtype]);
  tensorType.message(2, shape);
  const tensor = new ProtoWriter();
  tensor.message(1, tensorType);
  const sequence = new ProtoWriter();
  sequence.message(1, tensor);
  const type = new ProtoWriter();
  if (info.isSequence) type.message(4, sequence);
  else type.message(1, tensorType);
  const writer = new ProtoWriter();
  writer.text(1, info.name);
  writer.message(2, type);
  return writer;
}

/** Collects chunks and joins them once, so that large initialisers are copied once and not once a nesting level. */
class ProtoWriter {
  private readonly chunks: Uint8Array[] = [];
  private length = 0;

  varint(field: number, value: number): void {
    this.push(encodeVarint(field * 8));
    this.push(encodeVarint(value));
  }

  float(field: number, value: number): void {
    this.push(encodeVarint(field * 8 + 5));
    this.push(new Uint8Array(new Float32Array([value]).buffer));
  }

  text(field: number, value: string): void {
    this.raw(field, Buffer.from(value, 'utf8'));
  }

  raw(field: number, value: Uint8Array): void {
    this.push(encodeVarint(field * 8 + 2));
    this.push(encodeVarint(value.byteLength));
    this.push(value);
  }

  message(field: number, inner: ProtoWriter): void {
    this.push(encodeVarint(field * 8 + 2));
    this.push(encodeVarint(inner.length));
    for (const chunk of inner.chunks) this.push(chunk);
  }

  bytes(): Uint8Array {
    const result = new Uint8Array(this.length);
    let offset = 0;
    for (const chunk of this.chunks) {
      result.set(chunk, offset);
      offset += chunk.byteLength;
    }
    return result;
  }

  private push(chunk: Uint8Array): void {
    this.chunks.push(chunk);
    this.length += chunk.byteLength;
  }
}

/** Base-128 varint; negative numbers take the ten-byte two's complement form, as protobuf's int64 asks. */
function encodeVarint(value: number): Uint8Array {
  const out: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  while (rest >= 128n) {
    out.push(Number(rest & 127n) | 128);
    rest >>= 7n;
  }
  out.push(Number(rest));
  return Uint8Array.from(out);
}
