/**
 * Reorders the rows of a query or key projection (or of its bias, or of the LoRA B that is added to it) for llama.cpp.
 *
 * Hugging Face rotates dimension j of a head together with j + hd/2; llama.cpp's `llama` architecture rotates 2j with
 * 2j + 1 (convert_hf_to_gguf.py, `LlamaModel.permute`). Row 2j + p of a head is row j + p * hd/2 of the input.
 *
 * @param data [heads * headDim, columns], row major
 */
export function permuteRotaryRows(data: Float32Array, headDim: number, columns: number): Float32Array {
  const half = headDim / 2;
  const rows = data.length / columns;
  const out = new Float32Array(data.length);
  for (let row = 0; row < rows; row++) {
    const inHead = row % headDim;
    const from = row - inHead + (inHead >> 1) + (inHead & 1) * half;
    out.set(data.subarray(from * columns, (from + 1) * columns), row * columns);
  }
  return out;
}
