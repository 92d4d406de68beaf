import { decoderTraits, type ConfigReader, type DecoderTraits } from 'swift-ts/nn';

/** What both generations share. @param unitHead the head's rows are scaled to length 1 */
export function baichuanTraits(
  reader: ConfigReader,
  { unitHead }: { readonly unitHead: boolean },
): DecoderTraits {
  const traits = decoderTraits(reader);
  return {
    ...traits,
    max_position_embeddings: reader.count('model_max_length', traits.max_position_embeddings),
    // The 13B models use ALiBi; no field says so, but theirs have none for positions that turn.
    alibi: reader.has('max_position_embeddings') && traits.hidden_size !== 5120 ? undefined : 1,
    qkv: 'concat',
    logits: { normalized: unitHead ? 'rows' : undefined },
    names: { qkv_proj: 'W_pack' },
  };
}
