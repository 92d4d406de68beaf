/** What media bring to the ports of a model's stages. */
import type { HostTensor } from '../contracts/backend.js';
import type { Batch } from '../contracts/batch.js';
import type { SampleMedia } from '../contracts/processor.js';
import type { CausalLM, MediaLayers } from '../nn/index.js';
import { crossPorts } from './cross-inputs.js';

/** A sample's media, and where the sample begins among all tokens. */
export interface PlacedMedia {
  readonly media: SampleMedia;
  readonly start: number;
}

/** The row of `features` that stands at each token, and whether one does. */
export interface FeaturePlaces {
  /** int32 [N] */
  readonly feature_index: Int32Array;
  /** float32 [N] */
  readonly is_feature: Float32Array;
  /** 1 at tokens that layers of their own for media work on, float32 [N]; absent where the model has none. */
  readonly media_tokens?: Float32Array;
}

/** A batch with what its media are to the model; the batch itself where it has none. */
export async function seen(batch: Batch, model: CausalLM): Promise<Batch> {
  if (!batch.media) return batch;
  const placed = batch.samples.flatMap(({ start }, i) => {
    const media = batch.media![i];
    return media ? [{ media, start }] : [];
  });
  const size = batch.batch * batch.seq;
  if (model.crosses)
    return {
      ...batch,
      inputs: {
        ...(await towerInputs(model, placed)),
        ...crossPorts(batch, model.tower!, model.crossing!.seen_from),
      },
    };
  const places = featurePlaces(placed, size, model.mediaLayers);
  const { media_tokens: data } = places;
  const tokens: HostTensor | undefined = data && { dtype: 'float32', shape: [batch.batch, batch.seq], data };
  return {
    ...batch,
    input_ids: embeddedIds(batch.input_ids, places, model),
    inputs: {
      ...(await towerInputs(model, placed)),
      ...placePorts(places),
      ...(tokens && { media_tokens: tokens }),
    },
    ...(model.ropeAxes ? { rope_positions: placesOf(batch, model) } : {}),
  };
}

/** Loads media, in order, for the model's tower. */
export async function towerInputs(
  model: CausalLM,
  placed: readonly PlacedMedia[],
): Promise<Readonly<Record<string, HostTensor>>> {
  const loaded = [];
  for (const { media } of placed) loaded.push(...(await media.load()));
  return model.tower!.inputs(loaded);
}

/** Ids that the embedding is asked for: where features stand alone, the model's own for that. */
export function embeddedIds(
  ids: Int32Array,
  { is_feature }: FeaturePlaces,
  { addsFeatures, mediaId }: CausalLM,
): Int32Array {
  if (addsFeatures) return ids;
  return ids.map((id, i) => (is_feature[i] ? mediaId : id));
}

/** @param size of all tokens @param layers which tokens layers of their own for media work on */
export function featurePlaces(
  placed: readonly PlacedMedia[],
  size: number,
  layers?: MediaLayers,
): FeaturePlaces {
  const feature_index = new Int32Array(size);
  const is_feature = new Float32Array(size);
  const media_tokens = layers && new Float32Array(size);
  let feature = 0;
  for (const { media, start } of placed) {
    for (const span of media.spans) {
      const first = start + span.start;
      for (let i = 0; i < span.length; i++) feature_index[first + i] = feature++;
      const end = first + span.length;
      is_feature.fill(1, first, end);
      media_tokens?.fill(1, first, layers === 'but-last' ? end - 1 : end);
    }
  }
  return { feature_index, is_feature, media_tokens };
}

/** What stages read of the places. */
export function placePorts({
  feature_index,
  is_feature,
}: FeaturePlaces): Readonly<Record<string, HostTensor>> {
  const shape = [is_feature.length];
  return {
    feature_index: { dtype: 'int32', shape, data: feature_index },
    is_feature: { dtype: 'float32', shape, data: is_feature },
  };
}

function placesOf({ batch, seq, samples, media }: Batch, model: CausalLM): Int32Array {
  const size = batch * seq;
  const all = new Int32Array(3 * size);
  samples.forEach(({ start, length }, i) => {
    const { positions } = model.ropePositions(length, media?.[i]?.spans ?? []);
    for (let axis = 0; axis < 3; axis++)
      all.set(positions.subarray(axis * length, (axis + 1) * length), axis * size + start);
  });
  return all;
}
