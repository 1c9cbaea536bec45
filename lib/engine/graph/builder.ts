import { type DType, encodeOnnxModel, type OnnxAttribute, type OnnxTensor } from '../onnx/encode.ts';
import { fuseGemmAdd } from './fuse-gemm-add.ts';

export type Shape = readonly number[];
export type TensorType = { dtype: DType; shape: Shape };

/** One tensor of a graph under construction. `requiresGrad` says whether a differentiable input reaches it. */
export type Value = TensorType & {
  readonly graph: Graph;
  readonly id: number;
  readonly requiresGrad: boolean;
  /** The name in the emitted file; an output takes its public name at `Graph.output`. */
  name: string;
};

/** Cotangents of a node's inputs (null: none), given those of its outputs (null: not used by the loss). */
export type VjpRule = (node: GraphNode, cotangents: readonly (Value | null)[]) => readonly (Value | null)[];

export type GraphNode = {
  readonly op: string;
  /** Left out: ONNX's own operators. */
  readonly domain?: string;
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
  readonly attributes: Readonly<Record<string, OnnxAttribute>>;
  /** Set on composites only: the rule that replaces the rules of the ops inside. */
  readonly vjp: VjpRule | null;
};

export type BuiltGraph = {
  bytes: Uint8Array;
  /** Floating-point operations of the matrix products of one run, a multiplication and an addition counted as two. */
  productFlops: number;
  inputs: Readonly<Record<string, TensorType>>;
  outputs: Readonly<Record<string, TensorType>>;
};

/**
 * 'onnx': plain opset 21, which any runtime runs. 'onnxruntime': functions may use that runtime's fused operators, which
 * make fewer passes over memory and compute the same up to rounding.
 */
export type Dialect = 'onnx' | 'onnxruntime';

/** A shape, dtype or name that does not fit: always a mistake of the caller, found while the graph is built. */
export class GraphError extends Error {
  readonly code = 'graph_invalid';
  override readonly name = 'GraphError';
}

/**
 * Builds a static-shape ONNX graph.
 *
 * Ops are free functions in `ops.ts` over `Value`s; gradients are emitted by `autodiff/gradient.ts` as more ops of the
 * same graph. Nodes that no output needs are dropped by `build`.
 */
export class Graph {
  readonly name: string;
  readonly dialect: Dialect;
  /** In emission order, which is a topological order. Composites stand after the ops that they cover. */
  readonly nodes: GraphNode[] = [];
  private readonly inputs = new Map<string, Value>();
  private readonly outputs = new Map<string, Value>();
  private readonly fed = new Map<number, Value>();
  private readonly constants = new Map<number, OnnxTensor>();
  private readonly constantByContent = new Map<string, Value>();
  private nextId = 0;

  /** @param dialect see `Dialect` */
  constructor(name: string, dialect: Dialect = 'onnxruntime') {
    this.name = name;
    this.dialect = dialect;
  }

  /** Declares a graph input. Give `requiresGrad` to the tensors to differentiate with respect to. */
  input(name: string, dtype: DType, shape: Shape, requiresGrad = false): Value {
    if (this.inputs.has(name)) throw new GraphError(`Graph ${this.name} already has an input named ${name}.`);
    const value = this.createValue({ dtype, shape }, requiresGrad, name);
    this.inputs.set(name, value);
    return value;
  }

  /** A constant stored in the model. Equal small constants become one initialiser. */
  constant(dtype: DType, shape: Shape, content: ArrayLike<number>): Value {
    if (content.length !== sizeOf(shape)) {
      throw new GraphError(`A constant of shape [${shape}] needs ${sizeOf(shape)} elements, not ${content.length}.`);
    }
    const data = toRawBytes(dtype, content);
    const key = data.byteLength <= 1024 ? `${dtype}|${shape.join()}|${Buffer.from(data).toString('latin1')}` : null;
    const cached = key === null ? undefined : this.constantByContent.get(key);
    if (cached) return cached;
    const value = this.createValue({ dtype, shape }, false);
    this.constants.set(value.id, { name: value.name, dtype, shape, data });
    if (key !== null) this.constantByContent.set(key, value);
    return value;
  }

  /** Appends one ONNX node with outputs of the given types. Prefer the functions in `ops.ts`, which infer them. */
  emit(
    op: string,
    inputs: readonly Value[],
    outputTypes: readonly TensorType[],
    attributes: Readonly<Record<string, OnnxAttribute>> = {},
    domain = '',
  ): Value[] {
    const requiresGrad = inputs.some((input) => input.requiresGrad);
    const outputs = outputTypes.map((type) => this.createValue(type, requiresGrad && type.dtype === 'f32'));
    this.nodes.push({ op, domain, inputs, outputs, attributes, vjp: null });
    return outputs;
  }

  /**
   * Declares that `output`, already computed from `inputs` by ops emitted just now, has a hand-written gradient.
   * Used where the composed rules would make more passes over memory than the closed form.
   */
  composite(label: string, inputs: readonly Value[], output: Value, vjp: VjpRule): Value {
    this.nodes.push({ op: label, inputs, outputs: [output], attributes: {}, vjp });
    return output;
  }

  /** Makes `value` a graph output under `name`. The producing node writes it directly: an Identity would be a copy. */
  output(name: string, value: Value): void {
    if (this.outputs.has(name)) throw new GraphError(`Graph ${this.name} already has an output named ${name}.`);
    const isProduced = !this.constants.has(value.id) && this.inputs.get(value.name)?.id !== value.id;
    const isTaken = [...this.outputs.values()].some((other) => other.id === value.id);
    const target = isProduced && !isTaken ? value : this.emit('Identity', [value], [value])[0]!;
    target.name = name;
    this.outputs.set(name, target);
  }

  /**
   * Takes a value that the graph computes from outside in place of it, as an input under `name`; used for results that an
   * earlier run has kept. If nothing needs the value in the end, no input is declared.
   */
  feed(name: string, value: Value): void {
    value.name = name;
    this.fed.set(value.id, value);
  }

  build(): BuiltGraph {
    const needed = new Set([...this.outputs.values()].map((value) => value.id));
    const kept: GraphNode[] = [];
    for (const node of this.nodes.toReversed()) {
      if (node.vjp || !node.outputs.some((output) => needed.has(output.id) && !this.fed.has(output.id))) continue;
      kept.push(node);
      for (const input of node.inputs) needed.add(input.id);
    }
    const inputs = new Map(this.inputs);
    for (const value of this.fed.values()) if (needed.has(value.id)) inputs.set(value.name, value);
    const outputIds = new Set([...this.outputs.values()].map((value) => value.id));
    const nodes = fuseGemmAdd<Value, GraphNode>(kept.reverse(), outputIds);
    const bytes = encodeOnnxModel({
      name: this.name,
      nodes: nodes.map((node) => ({
        op: node.op,
        ...(node.domain && { domain: node.domain }),
        attributes: node.attributes,
        inputs: node.inputs.map((value) => value.name),
        outputs: node.outputs.map((value) => value.name),
      })),
      initializers: [...this.constants].filter(([id]) => needed.has(id)).map(([, tensor]) => tensor),
      inputs: [...inputs.values()],
      outputs: [...this.outputs.values()],
    });
    const productFlops = nodes.reduce((sum, node) => sum + flopsOf(node), 0);
    return { bytes, productFlops, inputs: typesOf(inputs), outputs: typesOf(this.outputs) };
  }

  private createValue(type: TensorType, requiresGrad: boolean, name?: string): Value {
    const id = this.nextId++;
    return { graph: this, id, name: name ?? `v${id}`, dtype: type.dtype, shape: type.shape, requiresGrad };
  }
}

/** Number of elements of a tensor of this shape. */
export function sizeOf(shape: Shape): number {
  return shape.reduce((product, dim) => product * dim, 1);
}

/** 2 n k m of a product [.., n, k] x [.., k, m]. */
function flopsOf({ op, inputs, outputs, attributes }: GraphNode): number {
  if (op !== 'MatMul' && op !== 'Gemm') return 0;
  const width = inputs[0]!.shape.at(attributes.transA === 1 ? -2 : -1)!;
  return 2 * sizeOf(outputs[0]!.shape) * width;
}

function typesOf(values: ReadonlyMap<string, Value>): Record<string, TensorType> {
  return Object.fromEntries([...values].map(([name, { dtype, shape }]) => [name, { dtype, shape }]));
}

function toRawBytes(dtype: DType, content: ArrayLike<number>): Uint8Array {
  if (dtype === 'f32') return new Uint8Array(Float32Array.from(content).buffer);
  if (dtype === 'i32') return new Uint8Array(Int32Array.from(content).buffer);
  if (dtype === 'i64') return new Uint8Array(BigInt64Array.from(Array.from(content, BigInt)).buffer);
  return Uint8Array.from(content);
}
