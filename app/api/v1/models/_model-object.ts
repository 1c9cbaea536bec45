import type { ServableModel } from '#lib/serving/types.ts';

/** A model in OpenAI's shape; `id` is what `model` takes in a request. */
export function toModelObject(model: ServableModel) {
  return {
    id: model.slug,
    object: 'model',
    created: Math.floor(model.createdAt.getTime() / 1000),
    owned_by: model.owner,
    // As vLLM lists adapters: the base, and what this one's training went on from.
    root: model.baseModel,
    parent: model.parent,
    openledger: {
      model_id: model.id,
      name: model.name,
      private: model.isPrivate,
      access: model.access, // everybody, or holders of a pass: GET /models/{model}/passes
      datanet_id: model.datanetId,
      version_id: model.versionId,
      adapter_id: model.adapterId,
      input_wei_per_token: model.inputWeiPerToken.toString(),
      output_wei_per_token: model.outputWeiPerToken.toString(),
    },
  };
}
