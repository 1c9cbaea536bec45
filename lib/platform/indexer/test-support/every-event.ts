import {
  type AbiEvent,
  type AbiParameter,
  concatHex,
  encodeAbiParameters,
  encodeEventTopics,
  type Hex,
  keccak256,
  padHex,
  size,
  toHex,
} from 'viem';

/**
 * Code that emits one log of `event` whatever it is called with. Put at a contract's address (`anvil_setCode`) and called, it
 * makes a node tell that log as if the contract had emitted it. Arguments follow from `seed`.
 */
export function emitterOf(event: AbiEvent, seed: string): Hex {
  const args = event.inputs.map((input, i) => sampleOf(input, `${seed}:${i}`));
  const indexed = Object.fromEntries(
    event.inputs.flatMap((input, i) => (input.indexed ? [[input.name, args[i]]] : [])),
  );
  const topics = encodeEventTopics({ abi: [event], eventName: event.name, args: indexed } as Parameters<
    typeof encodeEventTopics
  >[0]) as Hex[];
  const plain = event.inputs.flatMap((input, i) => (input.indexed ? [] : [[input, args[i]] as const]));
  const data = encodeAbiParameters(
    plain.map(([input]) => input),
    plain.map(([, value]) => value),
  );
  return program(topics, data);
}

/** PUSH the topics from last to first, copy the data that follows the code to memory, LOG, STOP. */
function program(topics: readonly Hex[], data: Hex): Hex {
  const push2 = (value: number) => concatHex(['0x61', padHex(toHex(value), { size: 2 })]);
  const length = size(data);
  const pushes = topics.toReversed().map((topic) => concatHex(['0x7f', topic]));
  const codeLength = 33 * topics.length + 3 + 3 + 2 + 1 + 3 + 2 + 1 + 1;
  return concatHex([
    ...pushes,
    ...([push2(length), push2(codeLength), '0x6000', '0x39'] as const), // CODECOPY(0, codeLength, length)
    ...([push2(length), '0x6000'] as const),
    toHex(0xa0 + topics.length, { size: 1 }),
    '0x00',
    data,
  ]);
}

/** A value of the parameter's type that is the same for the same seed. */
function sampleOf(parameter: AbiParameter, seed: string): unknown {
  const { type } = parameter;
  const hash = keccak256(toHex(seed));
  const array = /^(.*)\[(\d*)\]$/.exec(type);
  if (array) {
    const length = array[2] ? Number(array[2]) : 3;
    return Array.from({ length }, (_, i) => sampleOf({ ...parameter, type: array[1]! }, `${seed}.${i}`));
  }
  if (type === 'tuple') {
    const { components } = parameter as { components: readonly AbiParameter[] };
    return Object.fromEntries(components.map((one) => [one.name!, sampleOf(one, `${seed}.${one.name}`)]));
  }
  if (type === 'address') return `0x${hash.slice(-40)}`;
  if (type === 'bool') return Number.parseInt(hash.slice(-1), 16) % 2 === 0;
  if (type === 'string') return `text ${hash.slice(2, 10)} with “quotes” and \\`;
  if (type === 'bytes') return hash;
  const bytes = /^bytes(\d+)$/.exec(type);
  if (bytes) return hash.slice(0, 2 + 2 * Number(bytes[1])) as Hex;
  const integer = /^(u?)int(\d+)$/.exec(type);
  if (!integer) throw new TypeError(`no value for ${type}`);
  const bits = Math.min(Number(integer[2]), 64) - (integer[1] ? 0 : 1);
  const value = BigInt(hash) & ((1n << BigInt(bits)) - 1n);
  return Number(integer[2]) <= 48 ? Number(value) : value;
}
