import { DecoderLoader } from 'swift-ts/nn';
import { model, type ModelLoader } from 'swift-ts/plugin';

/** Llama-shaped decoders: Llama 2, 3, 3.1, 3.2, 3.3, SmolLM2, TinyLlama and their kin. */
@model({
  family: 'llama',
  summary: 'Llama-shaped decoders: Llama 2, 3, 3.1, 3.2, 3.3, SmolLM2, TinyLlama and their kin',
  architectures: ['LlamaForCausalLM'],
  template: 'llama3',
  lora_target_modules: ['q_proj', 'k_proj', 'v_proj'],
  variants: {
    'ziya2-13b': {
      hf: 'IDEA-CCNL/Ziya2-13B-Base',
      ms: 'Fengshenbang/Ziya2-13B-Base',
      template: 'default-generation',
    },
    'ziya2-13b-chat': { hf: 'IDEA-CCNL/Ziya2-13B-Chat', ms: 'Fengshenbang/Ziya2-13B-Chat', template: 'ziya' },
    'deepseek-7b': {
      hf: 'deepseek-ai/deepseek-llm-7b-base',
      ms: 'deepseek-ai/deepseek-llm-7b-base',
      template: 'default-generation',
    },
    'deepseek-7b-chat': {
      hf: 'deepseek-ai/deepseek-llm-7b-chat',
      ms: 'deepseek-ai/deepseek-llm-7b-chat',
      template: 'deepseek',
    },
    'deepseek-67b': {
      hf: 'deepseek-ai/deepseek-llm-67b-base',
      ms: 'deepseek-ai/deepseek-llm-67b-base',
      template: 'default-generation',
    },
    'deepseek-67b-chat': {
      hf: 'deepseek-ai/deepseek-llm-67b-chat',
      ms: 'deepseek-ai/deepseek-llm-67b-chat',
      template: 'deepseek',
    },
    'deepseek-coder-33b-instruct': {
      hf: 'deepseek-ai/deepseek-coder-33b-instruct',
      ms: 'deepseek-ai/deepseek-coder-33b-instruct',
      template: 'deepseek-coder',
    },
    'deepseek-coder-6_7b-instruct': {
      hf: 'deepseek-ai/deepseek-coder-6.7b-instruct',
      ms: 'deepseek-ai/deepseek-coder-6.7b-instruct',
      template: 'deepseek-coder',
    },
    'deepseek-coder-1_3b-instruct': {
      hf: 'deepseek-ai/deepseek-coder-1.3b-instruct',
      ms: 'deepseek-ai/deepseek-coder-1.3b-instruct',
      template: 'deepseek-coder',
    },
    'deepseek-coder-33b': {
      hf: 'deepseek-ai/deepseek-coder-33b-base',
      ms: 'deepseek-ai/deepseek-coder-33b-base',
      template: 'default-generation',
    },
    'deepseek-coder-6_7b': {
      hf: 'deepseek-ai/deepseek-coder-6.7b-base',
      ms: 'deepseek-ai/deepseek-coder-6.7b-base',
      template: 'default-generation',
    },
    'deepseek-coder-1_3b': {
      hf: 'deepseek-ai/deepseek-coder-1.3b-base',
      ms: 'deepseek-ai/deepseek-coder-1.3b-base',
      template: 'default-generation',
    },
    'deepseek-math-7b': {
      hf: 'deepseek-ai/deepseek-math-7b-base',
      ms: 'deepseek-ai/deepseek-math-7b-base',
      template: 'default-generation',
    },
    'deepseek-math-7b-chat': {
      hf: 'deepseek-ai/deepseek-math-7b-rl',
      ms: 'deepseek-ai/deepseek-math-7b-rl',
      template: 'deepseek',
    },
    'numina-math-7b': {
      hf: 'AI-MO/NuminaMath-7B-TIR',
      ms: 'AI-ModelScope/NuminaMath-7B-TIR',
      template: 'numina-math',
    },
    'deepseek-math-7b-instruct': {
      hf: 'deepseek-ai/deepseek-math-7b-instruct',
      ms: 'deepseek-ai/deepseek-math-7b-instruct',
      template: 'deepseek',
    },
    'longwriter-llama3_1-8b': {
      hf: 'THUDM/LongWriter-llama3.1-8b',
      ms: 'ZhipuAI/LongWriter-llama3.1-8b',
      template: 'longwriter-llama3',
    },
    'mengzi3-13b-base': {
      hf: 'Langboat/Mengzi3-13B-Base',
      ms: 'langboat/Mengzi3-13B-Base',
      template: 'mengzi',
    },
    'atom-7b-chat': { hf: 'FlagAlpha/Atom-7B-Chat', ms: 'FlagAlpha/Atom-7B-Chat', template: 'atom' },
    'atom-7b': { hf: 'FlagAlpha/Atom-7B', ms: 'FlagAlpha/Atom-7B', template: 'default-generation' },
    'chinese-alpaca-2-13b-16k': {
      hf: 'hfl/chinese-alpaca-2-13b-16k',
      ms: 'AI-ModelScope/chinese-alpaca-2-13b-16k',
      template: 'llama',
    },
    'chinese-alpaca-2-13b': {
      hf: 'hfl/chinese-alpaca-2-13b',
      ms: 'AI-ModelScope/chinese-alpaca-2-13b',
      template: 'llama',
    },
    'chinese-alpaca-2-7b-64k': {
      hf: 'hfl/chinese-alpaca-2-7b-64k',
      ms: 'AI-ModelScope/chinese-alpaca-2-7b-64k',
      template: 'llama',
    },
    'chinese-alpaca-2-7b-16k': {
      hf: 'hfl/chinese-alpaca-2-7b-16k',
      ms: 'AI-ModelScope/chinese-alpaca-2-7b-16k',
      template: 'llama',
    },
    'chinese-alpaca-2-7b': {
      hf: 'hfl/chinese-alpaca-2-7b',
      ms: 'AI-ModelScope/chinese-alpaca-2-7b',
      template: 'llama',
    },
    'chinese-alpaca-2-1_3b': {
      hf: 'hfl/chinese-alpaca-2-1.3b',
      ms: 'AI-ModelScope/chinese-alpaca-2-1.3b',
      template: 'llama',
    },
    'chinese-llama-2-13b-16k': {
      hf: 'hfl/chinese-llama-2-13b-16k',
      ms: 'AI-ModelScope/chinese-llama-2-13b-16k',
      template: 'default-generation',
    },
    'chinese-llama-2-13b': {
      hf: 'hfl/chinese-llama-2-13b',
      ms: 'AI-ModelScope/chinese-llama-2-13b',
      template: 'default-generation',
    },
    'chinese-llama-2-7b-64k': {
      hf: 'hfl/chinese-llama-2-7b-64k',
      ms: 'AI-ModelScope/chinese-llama-2-7b-64k',
      template: 'default-generation',
    },
    'chinese-llama-2-7b-16k': {
      hf: 'hfl/chinese-llama-2-7b-16k',
      ms: 'AI-ModelScope/chinese-llama-2-7b-16k',
      template: 'default-generation',
    },
    'chinese-llama-2-7b': {
      hf: 'hfl/chinese-llama-2-7b',
      ms: 'AI-ModelScope/chinese-llama-2-7b',
      template: 'default-generation',
    },
    'chinese-llama-2-1_3b': {
      hf: 'hfl/chinese-llama-2-1.3b',
      ms: 'AI-ModelScope/chinese-llama-2-1.3b',
      template: 'default-generation',
    },
    'llama2-70b-chat': {
      hf: 'meta-llama/Llama-2-70b-chat-hf',
      ms: 'modelscope/Llama-2-70b-chat-ms',
      template: 'llama',
    },
    'llama2-13b-chat': {
      hf: 'meta-llama/Llama-2-13b-chat-hf',
      ms: 'modelscope/Llama-2-13b-chat-ms',
      template: 'llama',
    },
    'llama2-7b-chat': {
      hf: 'meta-llama/Llama-2-7b-chat-hf',
      ms: 'modelscope/Llama-2-7b-chat-ms',
      template: 'llama',
    },
    'llama2-70b': {
      hf: 'meta-llama/Llama-2-70b-hf',
      ms: 'modelscope/Llama-2-70b-ms',
      template: 'default-generation',
    },
    'llama2-13b': {
      hf: 'meta-llama/Llama-2-13b-hf',
      ms: 'modelscope/Llama-2-13b-ms',
      template: 'default-generation',
    },
    'llama2-7b': {
      hf: 'meta-llama/Llama-2-7b-hf',
      ms: 'modelscope/Llama-2-7b-ms',
      template: 'default-generation',
    },
    'llama2-7b-aqlm-2bit-1x16': {
      hf: 'ISTA-DASLab/Llama-2-7b-AQLM-2Bit-1x16-hf',
      ms: 'AI-ModelScope/Llama-2-7b-AQLM-2Bit-1x16-hf',
      template: 'default-generation',
    },
    'llama-3-chinese-8b-instruct': {
      hf: 'hfl/llama-3-chinese-8b-instruct',
      ms: 'ChineseAlpacaGroup/llama-3-chinese-8b-instruct',
    },
    'llama-3-chinese-8b': {
      hf: 'hfl/llama-3-chinese-8b',
      ms: 'ChineseAlpacaGroup/llama-3-chinese-8b',
      template: 'default-generation',
    },
    'llama3-8b': {
      hf: 'meta-llama/Meta-Llama-3-8B',
      ms: 'LLM-Research/Meta-Llama-3-8B',
      template: 'default-generation',
    },
    'llama3-8b-instruct': {
      hf: 'meta-llama/Meta-Llama-3-8B-Instruct',
      ms: 'LLM-Research/Meta-Llama-3-8B-Instruct',
    },
    'llama3-70b': {
      hf: 'meta-llama/Meta-Llama-3-70B',
      ms: 'LLM-Research/Meta-Llama-3-70B',
      template: 'default-generation',
    },
    'llama3-70b-instruct': {
      hf: 'meta-llama/Meta-Llama-3-70B-Instruct',
      ms: 'LLM-Research/Meta-Llama-3-70B-Instruct',
    },
    'llama3-8b-instruct-int4': {
      hf: 'study-hjt/Meta-Llama-3-8B-Instruct-GPTQ-Int4',
      ms: 'swift/Meta-Llama-3-8B-Instruct-GPTQ-Int4',
    },
    'llama3-8b-instruct-int8': {
      hf: 'study-hjt/Meta-Llama-3-8B-Instruct-GPTQ-Int8',
      ms: 'swift/Meta-Llama-3-8B-Instruct-GPTQ-Int8',
    },
    'llama3-8b-instruct-awq': {
      hf: 'study-hjt/Meta-Llama-3-8B-Instruct-AWQ',
      ms: 'swift/Meta-Llama-3-8B-Instruct-AWQ',
    },
    'llama3-70b-instruct-int4': {
      hf: 'study-hjt/Meta-Llama-3-70B-Instruct-GPTQ-Int4',
      ms: 'swift/Meta-Llama-3-70B-Instruct-GPTQ-Int4',
    },
    'llama3-70b-instruct-int8': {
      hf: 'study-hjt/Meta-Llama-3-70B-Instruct-GPTQ-Int8',
      ms: 'swift/Meta-Llama-3-70b-Instruct-GPTQ-Int8',
    },
    'llama3-70b-instruct-awq': {
      hf: 'study-hjt/Meta-Llama-3-70B-Instruct-AWQ',
      ms: 'swift/Meta-Llama-3-70B-Instruct-AWQ',
    },
    'llama3_1-8b': {
      hf: 'meta-llama/Meta-Llama-3.1-8B',
      ms: 'LLM-Research/Meta-Llama-3.1-8B',
      template: 'default-generation',
    },
    'llama3_1-8b-instruct': {
      hf: 'meta-llama/Meta-Llama-3.1-8B-Instruct',
      ms: 'LLM-Research/Meta-Llama-3.1-8B-Instruct',
    },
    'llama3_1-8b-instruct-awq': {
      hf: 'hugging-quants/Meta-Llama-3.1-8B-Instruct-AWQ-INT4',
      ms: 'LLM-Research/Meta-Llama-3.1-8B-Instruct-AWQ-INT4',
    },
    'llama3_1-8b-instruct-gptq-int4': {
      hf: 'hugging-quants/Meta-Llama-3.1-8B-Instruct-GPTQ-INT4',
      ms: 'LLM-Research/Meta-Llama-3.1-8B-Instruct-GPTQ-INT4',
    },
    'llama3_1-8b-instruct-bnb': {
      hf: 'hugging-quants/Meta-Llama-3.1-8B-Instruct-BNB-NF4',
      ms: 'LLM-Research/Meta-Llama-3.1-8B-Instruct-BNB-NF4',
    },
    'llama3_1-70b': {
      hf: 'meta-llama/Meta-Llama-3.1-70B',
      ms: 'LLM-Research/Meta-Llama-3.1-70B',
      template: 'default-generation',
    },
    'llama3_1-70b-instruct': {
      hf: 'meta-llama/Meta-Llama-3.1-70B-Instruct',
      ms: 'LLM-Research/Meta-Llama-3.1-70B-Instruct',
    },
    'llama3_1-70b-instruct-fp8': {
      hf: 'meta-llama/Meta-Llama-3.1-70B-Instruct-FP8',
      ms: 'LLM-Research/Meta-Llama-3.1-70B-Instruct-FP8',
    },
    'llama3_1-70b-instruct-awq': {
      hf: 'hugging-quants/Meta-Llama-3.1-70B-Instruct-AWQ-INT4',
      ms: 'LLM-Research/Meta-Llama-3.1-70B-Instruct-AWQ-INT4',
    },
    'llama3_1-70b-instruct-gptq-int4': {
      hf: 'hugging-quants/Meta-Llama-3.1-70B-Instruct-GPTQ-INT4',
      ms: 'LLM-Research/Meta-Llama-3.1-70B-Instruct-GPTQ-INT4',
    },
    'reflection-llama_3_1-70b': {
      hf: 'mattshumer/Reflection-Llama-3.1-70B',
      ms: 'LLM-Research/Reflection-Llama-3.1-70B',
      template: 'reflection',
    },
    'llama3_1-70b-instruct-bnb': {
      hf: 'unsloth/Meta-Llama-3.1-70B-Instruct-bnb-4bit',
      ms: 'LLM-Research/Meta-Llama-3.1-70B-Instruct-bnb-4bit',
    },
    'llama3_1-405b': {
      hf: 'meta-llama/Meta-Llama-3.1-405B',
      ms: 'LLM-Research/Meta-Llama-3.1-405B',
      template: 'default-generation',
    },
    'llama3_1-405b-instruct': {
      hf: 'meta-llama/Meta-Llama-3.1-405B-Instruct',
      ms: 'LLM-Research/Meta-Llama-3.1-405B-Instruct',
    },
    'llama3_1-405b-instruct-fp8': {
      hf: 'meta-llama/Meta-Llama-3.1-405B-Instruct-FP8',
      ms: 'LLM-Research/Meta-Llama-3.1-405B-Instruct-FP8',
    },
    'llama3_1-405b-instruct-awq': {
      hf: 'hugging-quants/Meta-Llama-3.1-405B-Instruct-AWQ-INT4',
      ms: 'LLM-Research/Meta-Llama-3.1-405B-Instruct-AWQ-INT4',
    },
    'llama3_1-405b-instruct-gptq-int4': {
      hf: 'hugging-quants/Meta-Llama-3.1-405B-Instruct-GPTQ-INT4',
      ms: 'LLM-Research/Meta-Llama-3.1-405B-Instruct-GPTQ-INT4',
    },
    'llama3_1-405b-instruct-bnb': {
      hf: 'hugging-quants/Meta-Llama-3.1-405B-Instruct-BNB-NF4',
      ms: 'LLM-Research/Meta-Llama-3.1-405B-Instruct-BNB-NF4',
    },
    'megrez-3b-instruct': {
      hf: 'Infinigence/Megrez-3B-Instruct',
      ms: 'InfiniAI/Megrez-3b-Instruct',
      template: 'megrez',
    },
    minimind2: { hf: 'jingyaogong/MiniMind2', ms: 'gongjy/MiniMind2', template: 'minimind' },
    'minimind2-small': { hf: 'jingyaogong/MiniMind2-Small', template: 'minimind' },
    'llama-3.1-nemotron-70b-instruct-hf': {
      hf: 'nvidia/Llama-3.1-Nemotron-70B-Instruct-HF',
      ms: 'AI-ModelScope/Llama-3.1-Nemotron-70B-Instruct-HF',
      template: 'llama3_2',
    },
    'skywork-o1-open-llama-3.1-8b': {
      hf: 'Skywork/Skywork-o1-Open-Llama-3.1-8B',
      ms: 'AI-ModelScope/Skywork-o1-Open-Llama-3.1-8B',
      template: 'skywork_o1',
    },
    'llama-3.2-1b': { hf: 'meta-llama/Llama-3.2-1B', ms: 'LLM-Research/Llama-3.2-1B', template: 'llama3_2' },
    'llama-3.2-3b': { hf: 'meta-llama/Llama-3.2-3B', ms: 'LLM-Research/Llama-3.2-3B', template: 'llama3_2' },
    'llama-3.2-1b-instruct': {
      hf: 'meta-llama/Llama-3.2-1B-Instruct',
      ms: 'LLM-Research/Llama-3.2-1B-Instruct',
      template: 'llama3_2',
    },
    'llama-3.2-3b-instruct': {
      hf: 'meta-llama/Llama-3.2-3B-Instruct',
      ms: 'LLM-Research/Llama-3.2-3B-Instruct',
      template: 'llama3_2',
    },
    'llama-3.3-70b-instruct': {
      hf: 'meta-llama/Llama-3.3-70B-Instruct',
      ms: 'LLM-Research/Llama-3.3-70B-Instruct',
      template: 'llama3_2',
    },
    'llama-3.3-70b-instruct-bnb-4bit': {
      hf: 'unsloth/Llama-3.3-70B-Instruct-bnb-4bit',
      ms: 'unsloth/Llama-3.3-70B-Instruct-bnb-4bit',
      template: 'llama3_2',
    },
    'deepseek-r1-distill-llama-8b': {
      hf: 'deepseek-ai/DeepSeek-R1-Distill-Llama-8B',
      ms: 'deepseek-ai/DeepSeek-R1-Distill-Llama-8B',
      template: 'deepseek_r1',
    },
    'deepseek-r1-distill-llama-70b': {
      hf: 'deepseek-ai/DeepSeek-R1-Distill-Llama-70B',
      ms: 'deepseek-ai/DeepSeek-R1-Distill-Llama-70B',
      template: 'deepseek_r1',
    },
    'minicpm5-1b': { hf: 'openbmb/MiniCPM5-1B', ms: 'OpenBMB/MiniCPM5-1B', template: 'minicpm5' },
    'minicpm5-1b-base': {
      hf: 'openbmb/MiniCPM5-1B-Base',
      ms: 'OpenBMB/MiniCPM5-1B-Base',
      template: 'minicpm5',
    },
    'minicpm5-1b-sft': { hf: 'openbmb/MiniCPM5-1B-SFT', ms: 'OpenBMB/MiniCPM5-1B-SFT', template: 'minicpm5' },
    'smollm2-135m': {
      hf: 'HuggingFaceTB/SmolLM2-135M',
      ms: 'HuggingFaceTB/SmolLM2-135M',
      template: 'default-generation',
    },
    'smollm2-135m-instruct': {
      hf: 'HuggingFaceTB/SmolLM2-135M-Instruct',
      ms: 'HuggingFaceTB/SmolLM2-135M-Instruct',
      template: 'chatml',
    },
    'smollm2-360m': {
      hf: 'HuggingFaceTB/SmolLM2-360M',
      ms: 'HuggingFaceTB/SmolLM2-360M',
      template: 'default-generation',
    },
    'smollm2-360m-instruct': {
      hf: 'HuggingFaceTB/SmolLM2-360M-Instruct',
      ms: 'HuggingFaceTB/SmolLM2-360M-Instruct',
      template: 'chatml',
    },
    'smollm2-1.7b': {
      hf: 'HuggingFaceTB/SmolLM2-1.7B',
      ms: 'HuggingFaceTB/SmolLM2-1.7B',
      template: 'default-generation',
    },
    'smollm2-1.7b-instruct': {
      hf: 'HuggingFaceTB/SmolLM2-1.7B-Instruct',
      ms: 'HuggingFaceTB/SmolLM2-1.7B-Instruct',
      template: 'chatml',
    },
    'tinyllama-1.1b-chat-v1.0': {
      hf: 'TinyLlama/TinyLlama-1.1B-Chat-v1.0',
      ms: 'AI-ModelScope/TinyLlama-1.1B-Chat-v1.0',
      template: 'zephyr',
    },
  },
})
export class Llama extends DecoderLoader implements ModelLoader {}
