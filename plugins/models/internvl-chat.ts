import { ACTIVATIONS, ConfigReader, type Config, type MultimodalLM } from 'swift-ts/nn';
import {
  middles,
  model,
  type ImageSettings,
  type ModelConfig,
  type ModelLoader,
  type Processor,
} from 'swift-ts/plugin';
import { internModel, internProcessor, internVideos, shrinking } from './_internvl.js';
import { textTraits } from './_text.js';

/** As the authors' own code names the parts. */
const PLACES = {
  tower: 'vision_model',
  projector: 'mlp1',
  fused: true,
  projectorNames: { norm: '0', linear_1: '1', linear_2: '3' },
  vit: {
    own: {
      class_embedding: 'embeddings.class_embedding',
      patch_embedding: 'embeddings.patch_embedding',
      position_embedding: 'embeddings.position_embedding',
      layers: 'encoder.layers',
    },
    block: { scale1: 'ls1', scale2: 'ls2' },
  },
};

/** InternVL 1.5 to 3.5 (Chen et al., 2024, arXiv 2404.16821), in the layout of the authors' own code. */
@model({
  family: 'internvl_chat',
  summary: 'InternVL 1.5 to 3.5: InternViT over tiles of a picture, and a language model of several families',
  architectures: ['InternVLChatModel'],
  model_types: ['internvl_chat'],
  media: ['image', 'video'],
  template: 'internvl2',
  lora_target_modules: ['all-linear'],
  variants: {
    'internvl2-llama3-76b-awq': {
      hf: 'OpenGVLab/InternVL2-Llama3-76B-AWQ',
      ms: 'OpenGVLab/InternVL2-Llama3-76B-AWQ',
      size: '76B',
      codec: 'awq',
    },
    'internvl2-40b-awq': {
      hf: 'OpenGVLab/InternVL2-40B-AWQ',
      ms: 'OpenGVLab/InternVL2-40B-AWQ',
      size: '40B',
      codec: 'awq',
    },
    'internvl2-26b-awq': {
      hf: 'OpenGVLab/InternVL2-26B-AWQ',
      ms: 'OpenGVLab/InternVL2-26B-AWQ',
      size: '26B',
      codec: 'awq',
    },
    'internvl2-8b-awq': {
      hf: 'OpenGVLab/InternVL2-8B-AWQ',
      ms: 'OpenGVLab/InternVL2-8B-AWQ',
      size: '8B',
      codec: 'awq',
    },
    'internvl2-2b-awq': {
      hf: 'OpenGVLab/InternVL2-2B-AWQ',
      ms: 'OpenGVLab/InternVL2-2B-AWQ',
      size: '2B',
      codec: 'awq',
    },
    'internvl2-llama3-76b': {
      hf: 'OpenGVLab/InternVL2-Llama3-76B',
      ms: 'OpenGVLab/InternVL2-Llama3-76B',
      size: '76B',
    },
    'internvl2-40b': { hf: 'OpenGVLab/InternVL2-40B', ms: 'OpenGVLab/InternVL2-40B', size: '40B' },
    'internvl2-26b': { hf: 'OpenGVLab/InternVL2-26B', ms: 'OpenGVLab/InternVL2-26B', size: '26B' },
    'internvl2-8b': { hf: 'OpenGVLab/InternVL2-8B', ms: 'OpenGVLab/InternVL2-8B', size: '8B' },
    'internvl2-4b': {
      hf: 'OpenGVLab/InternVL2-4B',
      ms: 'OpenGVLab/InternVL2-4B',
      template: 'internvl2-phi3',
      size: '4B',
    },
    'internvl2-2b': { hf: 'OpenGVLab/InternVL2-2B', ms: 'OpenGVLab/InternVL2-2B', size: '2B' },
    'internvl2-1b': { hf: 'OpenGVLab/InternVL2-1B', ms: 'OpenGVLab/InternVL2-1B', size: '1B' },
    'mini-internvl-chat-4b-v1_5': {
      hf: 'OpenGVLab/Mini-InternVL-Chat-4B-V1-5',
      ms: 'OpenGVLab/Mini-InternVL-Chat-4B-V1-5',
      template: 'internvl-phi3',
      size: '4B',
    },
    'mini-internvl-chat-2b-v1_5': {
      hf: 'OpenGVLab/Mini-InternVL-Chat-2B-V1-5',
      ms: 'OpenGVLab/Mini-InternVL-Chat-2B-V1-5',
      template: 'internvl',
      size: '2B',
    },
    'internvl-chat-v1_5-int8': {
      hf: 'OpenGVLab/InternVL-Chat-V1-5-int8',
      ms: 'AI-ModelScope/InternVL-Chat-V1-5-int8',
      template: 'internvl',
      codec: 'bnb',
    },
    'internvl-chat-v1_5': {
      hf: 'OpenGVLab/InternVL-Chat-V1-5',
      ms: 'AI-ModelScope/InternVL-Chat-V1-5',
      template: 'internvl',
    },
    'internvl2-pretrain-models:internvl2-1b-pretrain': {
      hf: 'OpenGVLab/InternVL2-Pretrain-Models:InternVL2-1B-Pretrain',
      ms: 'OpenGVLab/InternVL2-Pretrain-Models:InternVL2-1B-Pretrain',
      size: '1B',
    },
    'internvl2-pretrain-models:internvl2-2b-pretrain': {
      hf: 'OpenGVLab/InternVL2-Pretrain-Models:InternVL2-2B-Pretrain',
      ms: 'OpenGVLab/InternVL2-Pretrain-Models:InternVL2-2B-Pretrain',
      size: '2B',
    },
    'internvl2-pretrain-models:internvl2-4b-pretrain': {
      hf: 'OpenGVLab/InternVL2-Pretrain-Models:InternVL2-4B-Pretrain',
      ms: 'OpenGVLab/InternVL2-Pretrain-Models:InternVL2-4B-Pretrain',
      size: '4B',
    },
    'internvl2-pretrain-models:internvl2-8b-pretrain': {
      hf: 'OpenGVLab/InternVL2-Pretrain-Models:InternVL2-8B-Pretrain',
      ms: 'OpenGVLab/InternVL2-Pretrain-Models:InternVL2-8B-Pretrain',
      size: '8B',
    },
    'internvl2-pretrain-models:internvl2-26b-pretrain': {
      hf: 'OpenGVLab/InternVL2-Pretrain-Models:InternVL2-26B-Pretrain',
      ms: 'OpenGVLab/InternVL2-Pretrain-Models:InternVL2-26B-Pretrain',
      size: '26B',
    },
    'internvl2-pretrain-models:internvl2-40b-pretrain': {
      hf: 'OpenGVLab/InternVL2-Pretrain-Models:InternVL2-40B-Pretrain',
      ms: 'OpenGVLab/InternVL2-Pretrain-Models:InternVL2-40B-Pretrain',
      size: '40B',
    },
    'internvl2-pretrain-models:internvl2-llama3-76b-pretrain': {
      hf: 'OpenGVLab/InternVL2-Pretrain-Models:InternVL2-Llama3-76B-Pretrain',
      ms: 'OpenGVLab/InternVL2-Pretrain-Models:InternVL2-Llama3-76B-Pretrain',
      size: '76B',
    },
    'internvl2-8b-mpo': { hf: 'OpenGVLab/InternVL2-8B-MPO', ms: 'OpenGVLab/InternVL2-8B-MPO', size: '8B' },
    'internvl2_5-1b': {
      hf: 'OpenGVLab/InternVL2_5-1B',
      ms: 'OpenGVLab/InternVL2_5-1B',
      template: 'internvl2_5',
      size: '1B',
    },
    'internvl2_5-2b': {
      hf: 'OpenGVLab/InternVL2_5-2B',
      ms: 'OpenGVLab/InternVL2_5-2B',
      template: 'internvl2_5',
      size: '2B',
    },
    'internvl2_5-4b': {
      hf: 'OpenGVLab/InternVL2_5-4B',
      ms: 'OpenGVLab/InternVL2_5-4B',
      template: 'internvl2_5',
      size: '4B',
    },
    'internvl2_5-8b': {
      hf: 'OpenGVLab/InternVL2_5-8B',
      ms: 'OpenGVLab/InternVL2_5-8B',
      template: 'internvl2_5',
      size: '8B',
    },
    'internvl2_5-26b': {
      hf: 'OpenGVLab/InternVL2_5-26B',
      ms: 'OpenGVLab/InternVL2_5-26B',
      template: 'internvl2_5',
      size: '26B',
    },
    'internvl2_5-38b': {
      hf: 'OpenGVLab/InternVL2_5-38B',
      ms: 'OpenGVLab/InternVL2_5-38B',
      template: 'internvl2_5',
      size: '38B',
    },
    'internvl2_5-78b': {
      hf: 'OpenGVLab/InternVL2_5-78B',
      ms: 'OpenGVLab/InternVL2_5-78B',
      template: 'internvl2_5',
      size: '78B',
    },
    'internvl2_5-4b-awq': {
      hf: 'OpenGVLab/InternVL2_5-4B-AWQ',
      ms: 'OpenGVLab/InternVL2_5-4B-AWQ',
      template: 'internvl2_5',
      size: '4B',
      codec: 'awq',
    },
    'internvl2_5-8b-awq': {
      hf: 'OpenGVLab/InternVL2_5-8B-AWQ',
      ms: 'OpenGVLab/InternVL2_5-8B-AWQ',
      template: 'internvl2_5',
      size: '8B',
      codec: 'awq',
    },
    'internvl2_5-26b-awq': {
      hf: 'OpenGVLab/InternVL2_5-26B-AWQ',
      ms: 'OpenGVLab/InternVL2_5-26B-AWQ',
      template: 'internvl2_5',
      size: '26B',
      codec: 'awq',
    },
    'internvl2_5-38b-awq': {
      hf: 'OpenGVLab/InternVL2_5-38B-AWQ',
      ms: 'OpenGVLab/InternVL2_5-38B-AWQ',
      template: 'internvl2_5',
      size: '38B',
      codec: 'awq',
    },
    'internvl2_5-78b-awq': {
      hf: 'OpenGVLab/InternVL2_5-78B-AWQ',
      ms: 'OpenGVLab/InternVL2_5-78B-AWQ',
      template: 'internvl2_5',
      size: '78B',
      codec: 'awq',
    },
    'internvl2_5-1b-mpo': {
      hf: 'OpenGVLab/InternVL2_5-1B-MPO',
      ms: 'OpenGVLab/InternVL2_5-1B-MPO',
      template: 'internvl2_5',
      size: '1B',
    },
    'internvl2_5-2b-mpo': {
      hf: 'OpenGVLab/InternVL2_5-2B-MPO',
      ms: 'OpenGVLab/InternVL2_5-2B-MPO',
      template: 'internvl2_5',
      size: '2B',
    },
    'internvl2_5-4b-mpo': {
      hf: 'OpenGVLab/InternVL2_5-4B-MPO',
      ms: 'OpenGVLab/InternVL2_5-4B-MPO',
      template: 'internvl2_5',
      size: '4B',
    },
    'internvl2_5-8b-mpo': {
      hf: 'OpenGVLab/InternVL2_5-8B-MPO',
      ms: 'OpenGVLab/InternVL2_5-8B-MPO',
      template: 'internvl2_5',
      size: '8B',
    },
    'internvl2_5-26b-mpo': {
      hf: 'OpenGVLab/InternVL2_5-26B-MPO',
      ms: 'OpenGVLab/InternVL2_5-26B-MPO',
      template: 'internvl2_5',
      size: '26B',
    },
    'internvl2_5-38b-mpo': {
      hf: 'OpenGVLab/InternVL2_5-38B-MPO',
      ms: 'OpenGVLab/InternVL2_5-38B-MPO',
      template: 'internvl2_5',
      size: '38B',
    },
    'internvl2_5-78b-mpo': {
      hf: 'OpenGVLab/InternVL2_5-78B-MPO',
      ms: 'OpenGVLab/InternVL2_5-78B-MPO',
      template: 'internvl2_5',
      size: '78B',
    },
    'internvl3-1b-pretrained': {
      hf: 'OpenGVLab/InternVL3-1B-Pretrained',
      ms: 'OpenGVLab/InternVL3-1B-Pretrained',
      template: 'internvl2_5',
      size: '1B',
    },
    'internvl3-2b-pretrained': {
      hf: 'OpenGVLab/InternVL3-2B-Pretrained',
      ms: 'OpenGVLab/InternVL3-2B-Pretrained',
      template: 'internvl2_5',
      size: '2B',
    },
    'internvl3-8b-pretrained': {
      hf: 'OpenGVLab/InternVL3-8B-Pretrained',
      ms: 'OpenGVLab/InternVL3-8B-Pretrained',
      template: 'internvl2_5',
      size: '8B',
    },
    'internvl3-9b-pretrained': {
      hf: 'OpenGVLab/InternVL3-9B-Pretrained',
      ms: 'OpenGVLab/InternVL3-9B-Pretrained',
      template: 'internvl2_5',
      size: '9B',
    },
    'internvl3-14b-pretrained': {
      hf: 'OpenGVLab/InternVL3-14B-Pretrained',
      ms: 'OpenGVLab/InternVL3-14B-Pretrained',
      template: 'internvl2_5',
      size: '14B',
    },
    'internvl3-38b-pretrained': {
      hf: 'OpenGVLab/InternVL3-38B-Pretrained',
      ms: 'OpenGVLab/InternVL3-38B-Pretrained',
      template: 'internvl2_5',
      size: '38B',
    },
    'internvl3-78b-pretrained': {
      hf: 'OpenGVLab/InternVL3-78B-Pretrained',
      ms: 'OpenGVLab/InternVL3-78B-Pretrained',
      template: 'internvl2_5',
      size: '78B',
    },
    'internvl3-1b-instruct': {
      hf: 'OpenGVLab/InternVL3-1B-Instruct',
      ms: 'OpenGVLab/InternVL3-1B-Instruct',
      template: 'internvl2_5',
      size: '1B',
    },
    'internvl3-2b-instruct': {
      hf: 'OpenGVLab/InternVL3-2B-Instruct',
      ms: 'OpenGVLab/InternVL3-2B-Instruct',
      template: 'internvl2_5',
      size: '2B',
    },
    'internvl3-8b-instruct': {
      hf: 'OpenGVLab/InternVL3-8B-Instruct',
      ms: 'OpenGVLab/InternVL3-8B-Instruct',
      template: 'internvl2_5',
      size: '8B',
    },
    'internvl3-9b-instruct': {
      hf: 'OpenGVLab/InternVL3-9B-Instruct',
      ms: 'OpenGVLab/InternVL3-9B-Instruct',
      template: 'internvl2_5',
      size: '9B',
    },
    'internvl3-14b-instruct': {
      hf: 'OpenGVLab/InternVL3-14B-Instruct',
      ms: 'OpenGVLab/InternVL3-14B-Instruct',
      template: 'internvl2_5',
      size: '14B',
    },
    'internvl3-38b-instruct': {
      hf: 'OpenGVLab/InternVL3-38B-Instruct',
      ms: 'OpenGVLab/InternVL3-38B-Instruct',
      template: 'internvl2_5',
      size: '38B',
    },
    'internvl3-78b-instruct': {
      hf: 'OpenGVLab/InternVL3-78B-Instruct',
      ms: 'OpenGVLab/InternVL3-78B-Instruct',
      template: 'internvl2_5',
      size: '78B',
    },
    'internvl3-1b': {
      hf: 'OpenGVLab/InternVL3-1B',
      ms: 'OpenGVLab/InternVL3-1B',
      template: 'internvl2_5',
      size: '1B',
    },
    'internvl3-2b': {
      hf: 'OpenGVLab/InternVL3-2B',
      ms: 'OpenGVLab/InternVL3-2B',
      template: 'internvl2_5',
      size: '2B',
    },
    'internvl3-8b': {
      hf: 'OpenGVLab/InternVL3-8B',
      ms: 'OpenGVLab/InternVL3-8B',
      template: 'internvl2_5',
      size: '8B',
    },
    'internvl3-9b': {
      hf: 'OpenGVLab/InternVL3-9B',
      ms: 'OpenGVLab/InternVL3-9B',
      template: 'internvl2_5',
      size: '9B',
    },
    'internvl3-14b': {
      hf: 'OpenGVLab/InternVL3-14B',
      ms: 'OpenGVLab/InternVL3-14B',
      template: 'internvl2_5',
      size: '14B',
    },
    'internvl3-38b': {
      hf: 'OpenGVLab/InternVL3-38B',
      ms: 'OpenGVLab/InternVL3-38B',
      template: 'internvl2_5',
      size: '38B',
    },
    'internvl3-78b': {
      hf: 'OpenGVLab/InternVL3-78B',
      ms: 'OpenGVLab/InternVL3-78B',
      template: 'internvl2_5',
      size: '78B',
    },
    'internvl3-1b-awq': {
      hf: 'OpenGVLab/InternVL3-1B-AWQ',
      ms: 'OpenGVLab/InternVL3-1B-AWQ',
      template: 'internvl2_5',
      size: '1B',
      codec: 'awq',
    },
    'internvl3-2b-awq': {
      hf: 'OpenGVLab/InternVL3-2B-AWQ',
      ms: 'OpenGVLab/InternVL3-2B-AWQ',
      template: 'internvl2_5',
      size: '2B',
      codec: 'awq',
    },
    'internvl3-8b-awq': {
      hf: 'OpenGVLab/InternVL3-8B-AWQ',
      ms: 'OpenGVLab/InternVL3-8B-AWQ',
      template: 'internvl2_5',
      size: '8B',
      codec: 'awq',
    },
    'internvl3-9b-awq': {
      hf: 'OpenGVLab/InternVL3-9B-AWQ',
      ms: 'OpenGVLab/InternVL3-9B-AWQ',
      template: 'internvl2_5',
      size: '9B',
      codec: 'awq',
    },
    'internvl3-14b-awq': {
      hf: 'OpenGVLab/InternVL3-14B-AWQ',
      ms: 'OpenGVLab/InternVL3-14B-AWQ',
      template: 'internvl2_5',
      size: '14B',
      codec: 'awq',
    },
    'internvl3-38b-awq': {
      hf: 'OpenGVLab/InternVL3-38B-AWQ',
      ms: 'OpenGVLab/InternVL3-38B-AWQ',
      template: 'internvl2_5',
      size: '38B',
      codec: 'awq',
    },
    'internvl3-78b-awq': {
      hf: 'OpenGVLab/InternVL3-78B-AWQ',
      ms: 'OpenGVLab/InternVL3-78B-AWQ',
      template: 'internvl2_5',
      size: '78B',
      codec: 'awq',
    },
    'sensenova-si-internvl3-2b': {
      hf: 'sensenova/SenseNova-SI-InternVL3-2B',
      ms: 'SenseNova/SenseNova-SI-InternVL3-2B',
      template: 'internvl2_5',
      size: '2B',
    },
    'sensenova-si-internvl3-8b': {
      hf: 'sensenova/SenseNova-SI-InternVL3-8B',
      ms: 'SenseNova/SenseNova-SI-InternVL3-8B',
      template: 'internvl2_5',
      size: '8B',
    },
    'sensenova-si-1.1-internvl3-2b': {
      hf: 'sensenova/SenseNova-SI-1.1-InternVL3-2B',
      ms: 'SenseNova/SenseNova-SI-1.1-InternVL3-2B',
      template: 'internvl2_5',
      size: '2B',
    },
    'sensenova-si-1.1-internvl3-8b': {
      hf: 'sensenova/SenseNova-SI-1.1-InternVL3-8B',
      ms: 'SenseNova/SenseNova-SI-1.1-InternVL3-8B',
      template: 'internvl2_5',
      size: '8B',
    },
    'internvl3_5-1b-pretrained': {
      hf: 'OpenGVLab/InternVL3_5-1B-Pretrained',
      ms: 'OpenGVLab/InternVL3_5-1B-Pretrained',
      template: 'internvl3_5',
      size: '1B',
    },
    'internvl3_5-2b-pretrained': {
      hf: 'OpenGVLab/InternVL3_5-2B-Pretrained',
      ms: 'OpenGVLab/InternVL3_5-2B-Pretrained',
      template: 'internvl3_5',
      size: '2B',
    },
    'internvl3_5-4b-pretrained': {
      hf: 'OpenGVLab/InternVL3_5-4B-Pretrained',
      ms: 'OpenGVLab/InternVL3_5-4B-Pretrained',
      template: 'internvl3_5',
      size: '4B',
    },
    'internvl3_5-8b-pretrained': {
      hf: 'OpenGVLab/InternVL3_5-8B-Pretrained',
      ms: 'OpenGVLab/InternVL3_5-8B-Pretrained',
      template: 'internvl3_5',
      size: '8B',
    },
    'internvl3_5-14b-pretrained': {
      hf: 'OpenGVLab/InternVL3_5-14B-Pretrained',
      ms: 'OpenGVLab/InternVL3_5-14B-Pretrained',
      template: 'internvl3_5',
      size: '14B',
    },
    'internvl3_5-38b-pretrained': {
      hf: 'OpenGVLab/InternVL3_5-38B-Pretrained',
      ms: 'OpenGVLab/InternVL3_5-38B-Pretrained',
      template: 'internvl3_5',
      size: '38B',
    },
    'internvl3_5-30b-a3b-pretrained': {
      hf: 'OpenGVLab/InternVL3_5-30B-A3B-Pretrained',
      ms: 'OpenGVLab/InternVL3_5-30B-A3B-Pretrained',
      template: 'internvl3_5',
      size: '30B',
    },
    'internvl3_5-241b-a28b-pretrained': {
      hf: 'OpenGVLab/InternVL3_5-241B-A28B-Pretrained',
      ms: 'OpenGVLab/InternVL3_5-241B-A28B-Pretrained',
      template: 'internvl3_5',
      size: '241B',
    },
    'internvl3_5-1b-instruct': {
      hf: 'OpenGVLab/InternVL3_5-1B-Instruct',
      ms: 'OpenGVLab/InternVL3_5-1B-Instruct',
      template: 'internvl3_5',
      size: '1B',
    },
    'internvl3_5-2b-instruct': {
      hf: 'OpenGVLab/InternVL3_5-2B-Instruct',
      ms: 'OpenGVLab/InternVL3_5-2B-Instruct',
      template: 'internvl3_5',
      size: '2B',
    },
    'internvl3_5-4b-instruct': {
      hf: 'OpenGVLab/InternVL3_5-4B-Instruct',
      ms: 'OpenGVLab/InternVL3_5-4B-Instruct',
      template: 'internvl3_5',
      size: '4B',
    },
    'internvl3_5-8b-instruct': {
      hf: 'OpenGVLab/InternVL3_5-8B-Instruct',
      ms: 'OpenGVLab/InternVL3_5-8B-Instruct',
      template: 'internvl3_5',
      size: '8B',
    },
    'internvl3_5-14b-instruct': {
      hf: 'OpenGVLab/InternVL3_5-14B-Instruct',
      ms: 'OpenGVLab/InternVL3_5-14B-Instruct',
      template: 'internvl3_5',
      size: '14B',
    },
    'internvl3_5-38b-instruct': {
      hf: 'OpenGVLab/InternVL3_5-38B-Instruct',
      ms: 'OpenGVLab/InternVL3_5-38B-Instruct',
      template: 'internvl3_5',
      size: '38B',
    },
    'internvl3_5-30b-a3b-instruct': {
      hf: 'OpenGVLab/InternVL3_5-30B-A3B-Instruct',
      ms: 'OpenGVLab/InternVL3_5-30B-A3B-Instruct',
      template: 'internvl3_5',
      size: '30B',
    },
    'internvl3_5-241b-a28b-instruct': {
      hf: 'OpenGVLab/InternVL3_5-241B-A28B-Instruct',
      ms: 'OpenGVLab/InternVL3_5-241B-A28B-Instruct',
      template: 'internvl3_5',
      size: '241B',
    },
    'internvl3_5-1b-mpo': {
      hf: 'OpenGVLab/InternVL3_5-1B-MPO',
      ms: 'OpenGVLab/InternVL3_5-1B-MPO',
      template: 'internvl3_5',
      size: '1B',
    },
    'internvl3_5-2b-mpo': {
      hf: 'OpenGVLab/InternVL3_5-2B-MPO',
      ms: 'OpenGVLab/InternVL3_5-2B-MPO',
      template: 'internvl3_5',
      size: '2B',
    },
    'internvl3_5-4b-mpo': {
      hf: 'OpenGVLab/InternVL3_5-4B-MPO',
      ms: 'OpenGVLab/InternVL3_5-4B-MPO',
      template: 'internvl3_5',
      size: '4B',
    },
    'internvl3_5-8b-mpo': {
      hf: 'OpenGVLab/InternVL3_5-8B-MPO',
      ms: 'OpenGVLab/InternVL3_5-8B-MPO',
      template: 'internvl3_5',
      size: '8B',
    },
    'internvl3_5-14b-mpo': {
      hf: 'OpenGVLab/InternVL3_5-14B-MPO',
      ms: 'OpenGVLab/InternVL3_5-14B-MPO',
      template: 'internvl3_5',
      size: '14B',
    },
    'internvl3_5-38b-mpo': {
      hf: 'OpenGVLab/InternVL3_5-38B-MPO',
      ms: 'OpenGVLab/InternVL3_5-38B-MPO',
      template: 'internvl3_5',
      size: '38B',
    },
    'internvl3_5-30b-a3b-mpo': {
      hf: 'OpenGVLab/InternVL3_5-30B-A3B-MPO',
      ms: 'OpenGVLab/InternVL3_5-30B-A3B-MPO',
      template: 'internvl3_5',
      size: '30B',
    },
    'internvl3_5-241b-a28b-mpo': {
      hf: 'OpenGVLab/InternVL3_5-241B-A28B-MPO',
      ms: 'OpenGVLab/InternVL3_5-241B-A28B-MPO',
      template: 'internvl3_5',
      size: '241B',
    },
    'internvl3_5-1b': {
      hf: 'OpenGVLab/InternVL3_5-1B',
      ms: 'OpenGVLab/InternVL3_5-1B',
      template: 'internvl3_5',
      size: '1B',
    },
    'internvl3_5-2b': {
      hf: 'OpenGVLab/InternVL3_5-2B',
      ms: 'OpenGVLab/InternVL3_5-2B',
      template: 'internvl3_5',
      size: '2B',
    },
    'internvl3_5-4b': {
      hf: 'OpenGVLab/InternVL3_5-4B',
      ms: 'OpenGVLab/InternVL3_5-4B',
      template: 'internvl3_5',
      size: '4B',
    },
    'internvl3_5-8b': {
      hf: 'OpenGVLab/InternVL3_5-8B',
      ms: 'OpenGVLab/InternVL3_5-8B',
      template: 'internvl3_5',
      size: '8B',
    },
    'internvl3_5-14b': {
      hf: 'OpenGVLab/InternVL3_5-14B',
      ms: 'OpenGVLab/InternVL3_5-14B',
      template: 'internvl3_5',
      size: '14B',
    },
    'internvl3_5-38b': {
      hf: 'OpenGVLab/InternVL3_5-38B',
      ms: 'OpenGVLab/InternVL3_5-38B',
      template: 'internvl3_5',
      size: '38B',
    },
    'internvl3_5-30b-a3b': {
      hf: 'OpenGVLab/InternVL3_5-30B-A3B',
      ms: 'OpenGVLab/InternVL3_5-30B-A3B',
      template: 'internvl3_5',
      size: '30B',
    },
    'internvl3_5-241b-a28b': {
      hf: 'OpenGVLab/InternVL3_5-241B-A28B',
      ms: 'OpenGVLab/InternVL3_5-241B-A28B',
      template: 'internvl3_5',
      size: '241B',
    },
    'internvl3_5-gpt-oss-20b-a4b-preview': {
      hf: 'OpenGVLab/InternVL3_5-GPT-OSS-20B-A4B-Preview',
      ms: 'OpenGVLab/InternVL3_5-GPT-OSS-20B-A4B-Preview',
      template: 'internvl3_5_gpt',
      size: '20B',
    },
  },
})
export class InternVlChat implements ModelLoader {
  build(config: Config): MultimodalLM {
    const reader = new ConfigReader(config);
    reader.only('select_layer', -1);
    reader.only('ps_version', 'v2');
    const vision = reader.nested('vision_config');
    const ratio = shrinking(reader);
    const places = { model: 'language_model.model', head: 'language_model.' };
    const text = textTraits(reader.nested('llm_config').config, places);
    const own = {
      image_size: reader.count('force_image_size', vision.count('image_size', 448)),
      patch_size: vision.count('patch_size', 14),
      qk_norm: vision.flag('qk_normalization', true),
      qkv_bias: vision.flag('qkv_bias'),
    };
    // Positions of another size would be stretched.
    if (own.image_size !== vision.count('image_size', 448))
      throw reader.error('force_image_size', `${vision.count('image_size', 448)}, as in vision_config`);
    return internModel(text, vision, own, PLACES, { ratio, activation: ACTIVATIONS.gelu });
  }

  processor(config: ModelConfig, settings: ImageSettings): Processor {
    const reader = new ConfigReader(config);
    const isDynamic = reader.flag('dynamic_image_size', true);
    const tiles = {
      size: reader.count('force_image_size', reader.nested('vision_config').count('image_size', 448)),
      min_tiles: isDynamic ? reader.count('min_dynamic_patch', 1) : 1,
      max_tiles: isDynamic ? reader.count('max_dynamic_patch', 12) : 1,
      thumbnail: reader.flag('use_thumbnail', true),
    };
    return { ...internProcessor(tiles, settings), video: internVideos(tiles, settings, middles) };
  }
}
