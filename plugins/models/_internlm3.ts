import { decoderTraits, type ConfigReader, type DecoderTraits } from 'swift-ts/nn';

/** InternLM3: Llama with biases that the config switches. */
export function internlm3Traits(reader: ConfigReader): DecoderTraits {
  const bias = reader.flag('bias');
  return { ...decoderTraits(reader), bias: { qkv: reader.flag('qkv_bias'), o: bias, mlp: bias } };
}
