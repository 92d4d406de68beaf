import { SpecTemplate, template } from 'swift-ts/plugin';
import { QWEN } from './_chatml.js';

/**
 * https://huggingface.co/Qwen/Qwen2-0.5B-Instruct/blob/main/tokenizer_config.json
 * qwen2-audio: https://huggingface.co/Qwen/Qwen2-Audio-7B-Instruct/blob/main/tokenizer_config.json
 * qwen2-vl: https://huggingface.co/Qwen/Qwen2-VL-2B-Instruct/blob/main/chat_template.json
 * qwen2_5_vl: https://huggingface.co/Qwen/Qwen2.5-VL-3B-Instruct/blob/main/chat_template.json
 * ovis2: https://huggingface.co/AIDC-AI/Ovis2-1B/blob/main/configuration_ovis.py
 * minicpm-v-v2_6: https://huggingface.co/openbmb/MiniCPM-V-2_6/blob/main/tokenizer_config.json
 */
@template({
  id: 'qwen',
  agent: 'hermes',
  summary: 'ChatML of Qwen 1 to 2',
  also: {
    'qwen2-vl': 'ChatML of Qwen2-VL',
    'qwen2-audio': 'ChatML of Qwen2-Audio',
    'qwen-vl': 'ChatML of Qwen-VL',
    qwen_vl: 'qwen-vl under its later id',
    'qwen-audio': 'ChatML of Qwen-Audio',
    midashenglm: 'ChatML of MiDashengLM',
    qwen_audio: 'qwen-audio under its later id',
    qwen2_audio: 'ChatML of Qwen2-Audio',
    'llama-qwen-hf': 'ChatML of LLaVA-NeXT on Qwen, as Hugging Face keeps it',
    'llava-qwen': 'ChatML of LLaVA-NeXT on Qwen, in its own layout',
    llava_next_qwen: 'llava-qwen under its later id',
    qwen2_vl: 'qwen2-vl under its later id',
    qwen2_5_vl: 'ChatML of Qwen2.5-VL',
    ovis2: 'ChatML of Ovis 2',
    qwen2_5_omni: 'ChatML of Qwen2.5-Omni',
    llava_onevision1_5: 'ChatML of LLaVA-OneVision-1.5',
    keye_vl_1_5: 'ChatML of Keye-VL 1.5',
    'minicpm-v-v2_6': 'ChatML of MiniCPM-V 2.6',
    minicpmv2_6: 'minicpm-v-v2_6 under its later id',
  },
})
export class Qwen extends SpecTemplate {
  readonly spec = {
    ...QWEN,
    default_system: 'You are a helpful assistant.',
  };
}
