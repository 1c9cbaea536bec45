/**
 * What each group's weight does to an answer: a_c = q . J_c, nats a unit of weight. Taking the group away altogether, which is
 * weight 0, is then expected to change log p by about -a_c.
 *
 * @param query gradient of log p(answer) at the trained adapter, all of theta, [P] (minus the loss's gradient)
 * @param tangents of `trainTangents`
 */
export function tangentEffects(query: Float32Array, tangents: readonly Float32Array[]): number[] {
  return tangents.map((tangent) => {
    let sum = 0;
    for (let i = 0; i < query.length; i++) sum += query[i]! * tangent[i]!;
    return sum;
  });
}
