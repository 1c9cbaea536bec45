/** Keys of a row's bands in one Datanet: rows of others never share them. Signed 32-bit integers. */
export function bandKeys(bands: Int32Array, datanetId: string): number[] {
  let hash = 0x811c9dc5;
  for (let i = 0; i < datanetId.length; i++) hash = Math.imul(hash ^ datanetId.charCodeAt(i), 0x01000193);
  return Array.from(bands, (band) => Math.imul(band ^ hash, 0x9e3779b1) | 0);
}
