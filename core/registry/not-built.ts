/** Ids that SWIFT has and this registry does not yet: named as such instead of as a misspelling of what is here. */
import type { PluginKind } from './kinds.js';

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

/** Models that read images, video or sound, in ways that no plugin has. */
const MEDIA_MODELS = words(`
  cogagent-18b-chat cogagent-18b-instruct cogagent-9b-20241220 cogvlm-17b-chat cogvlm2-19b-chat
  cogvlm2-en-19b-chat cogvlm2-video-13b-chat deepseek-ocr deepseek-ocr-2 deepseek-vl-7b-chat deepseek-vl2
  deepseek-vl2-small deepseek-vl2-tiny diffusiongemma-26b-a4b-it docowl2 dots.ocr emu3-chat emu3-gen
  ernie-4.5-vl-28b-a3b-base-pt ernie-4.5-vl-28b-a3b-pt ernie-4.5-vl-28b-a3b-thinking
  ernie-4.5-vl-424b-a47b-base-pt ernie-4.5-vl-424b-a47b-pt florence-2-base florence-2-base-ft florence-2-large
  florence-2-large-ft gemma-3n-e2b gemma-3n-e2b-it gemma-3n-e4b gemma-3n-e4b-it gemma-4-12b gemma-4-12b-it
  gemma-4-26b-a4b gemma-4-26b-a4b-it gemma-4-31b gemma-4-31b-it gemma-4-e2b gemma-4-e2b-it gemma-4-e4b
  gemma-4-e4b-it glm-edge-v-2b glm-ocr glm4v-9b-chat gme-qwen2-vl-2b-instruct gme-qwen2-vl-7b-instruct
  got-ocr-2.0-hf got-ocr2_0 hunyuanocr intern-s1 intern-s1-fp8 intern-s1-mini intern-s1-mini-fp8
  internlm-xcomposer2-4khd-7b-chat internlm-xcomposer2-7b-chat internlm-xcomposer2_5-7b-chat
  internlm-xcomposer2d5-ol-7b:audio internlm-xcomposer2d5-ol-7b:base
  internvl2-pretrain-models:internvl2-1b-pretrain internvl2-pretrain-models:internvl2-26b-pretrain
  internvl2-pretrain-models:internvl2-2b-pretrain internvl2-pretrain-models:internvl2-40b-pretrain
  internvl2-pretrain-models:internvl2-4b-pretrain internvl2-pretrain-models:internvl2-8b-pretrain
  internvl2-pretrain-models:internvl2-llama3-76b-pretrain jina-reranker-m0 keye-vl-1_5-8b keye-vl-8b-preview
  kimi-k2.5 kimi-k2.6 kimi-k2.7-code kimi-k3 kimi-vl-a3b-instruct kimi-vl-a3b-thinking kimi-vl-a3b-thinking-2506
  llama-4-maverick-17b-128e llama-4-maverick-17b-128e-instruct llama-4-maverick-17b-128e-instruct-fp8
  llama-4-scout-17b-16e llama-4-scout-17b-16e-instruct llama3-llava-next-8b llava-next-110b llava-next-72b
  llava-onevision-1.5-4b-base llava-onevision-1.5-4b-instruct llava-onevision-1.5-8b-base
  llava-onevision-1.5-8b-instruct llava-v1.6-34b llava-v1.6-mistral-7b llava1_6-llama3_1-8b-instruct
  megrez-3b-omni midashenglm-7b mimo-v2.5 minicpm-o-2_6 minicpm-o-4_5 minicpm-v-3b-chat minicpm-v-4
  minicpm-v-4.6 minicpm-v-4_5 minicpm-v-v2-chat minicpm-v-v2_5-chat minicpm-v-v2_6-chat minimax-m3 minimax-vl-01
  ministral-3-14b-base-2512 ministral-3-14b-instruct-2512 ministral-3-14b-instruct-2512-bf16
  ministral-3-14b-reasoning-2512 ministral-3-3b-base-2512 ministral-3-3b-instruct-2512
  ministral-3-3b-instruct-2512-bf16 ministral-3-3b-reasoning-2512 ministral-3-8b-base-2512
  ministral-3-8b-instruct-2512 ministral-3-8b-instruct-2512-bf16 ministral-3-8b-reasoning-2512 molmo-72b-0924
  molmo-7b-d-0924 molmo-7b-o-0924 molmo2-4b molmo2-8b molmo2-o-7b molmoe-1b-0924 moss-vl-base-0708
  moss-vl-instruct-0708 mplug-owl2-chat mplug-owl2_1-chat mplug-owl3-1b-241014 mplug-owl3-2b-241014
  mplug-owl3-7b-241101 mplug-owl3-7b-chat muse-glimmer-30b ovis1.6-gemma2-27b ovis1.6-gemma2-9b
  ovis1.6-gemma2-9b-gptq-int4 ovis1.6-llama3.2-3b ovis2-16b ovis2-1b ovis2-2b ovis2-34b ovis2-4b ovis2-8b
  ovis2.5-2b ovis2.5-9b ovisocr2 paddleocr-vl paddleocr-vl-1.5 paddleocr-vl-1.6 phi-4-multimodal-instruct
  phi3-vision-128k-instruct phi3_5-vision-instruct qwen-audio qwen-audio-chat qwen-vl qwen-vl-chat
  qwen-vl-chat-int4 qwen2.5-omni-3b qwen2.5-omni-7b qwen3-asr-0.6b qwen3-asr-1.7b qwen3-omni-30b-a3b-captioner
  qwen3-omni-30b-a3b-instruct qwen3-omni-30b-a3b-thinking qwen3-tts-12hz-0.6b-base
  qwen3-tts-12hz-0.6b-customvoice qwen3-tts-12hz-1.7b-base qwen3-tts-12hz-1.7b-customvoice qwen3-vl-embedding-2b
  qwen3-vl-embedding-8b qwen3-vl-reranker-2b qwen3-vl-reranker-8b qwen3.5-0.8b qwen3.5-0.8b-base
  qwen3.5-122b-a10b qwen3.5-122b-a10b-fp8 qwen3.5-27b qwen3.5-27b-fp8 qwen3.5-2b qwen3.5-2b-base qwen3.5-35b-a3b
  qwen3.5-35b-a3b-base qwen3.5-35b-a3b-fp8 qwen3.5-397b-a17b qwen3.5-397b-a17b-fp8 qwen3.5-4b qwen3.5-4b-base
  qwen3.5-9b qwen3.5-9b-base qwen3.6-27b qwen3.6-27b-fp8 qwen3.6-35b-a3b qwen3.6-35b-a3b-fp8 qwen3.8-2.4t-a95b
  qwen3.8-2.4t-a95b-fp8 qwen3.8-27b qwen3.8-27b-fp8 sail-vl2-2b sail-vl2-2b-thinking sail-vl2-8b
  sail-vl2-8b-thinking step-audio-2-mini step-audio-chat step3-vl-10b step3-vl-10b-base uembed-2b unlimited-ocr
  valley-eagle-7b yi-vl-34b-chat yi-vl-6b-chat zhipuai--glm-edge-4b-chat
`);

/** Text families without a plugin. */
const TEXT_MODELS = words(`
  baichuan-m1-14b-instruct deepseek-math-v2 deepseek-v3.2 deepseek-v3.2-exp deepseek-v3.2-exp-base
  deepseek-v3.2-speciale deepseek-v4-flash deepseek-v4-flash-0731 deepseek-v4-flash-base deepseek-v4-pro
  deepseek-v4-pro-base glm-5 glm-5.1 glm-5.1-fp8 glm-5.2 glm-5.2-fp8 hy3 hy3-fp8 hy3-preview hy3-preview-base
  ling-2.5-1t ling-2.6-1t ling-2.6-flash longcat-flash-chat longcat-flash-chat-fp8 ring-2.5-1t ring-2.6-1t
`);

const DATASETS = words(`
  advertise-gen-zh aya-collection belle-generated-chat-0.4M belle-train-0.5M-CN belle-train-1M-CN
  belle-train-2M-CN belle-train-3.5M-CN classical-chinese-translate codealpaca-20k coig-cqia cosmopedia
  cosmopedia-100k dolma dolphin duet dureader-robust-zh evol-instruct-v2 fineweb firefly-zh gen-qa guanaco
  guanaco-belle-merge infinity-instruct leetcode-python-en lmsys-chat-1m long-alpaca-12k ms-bench pileval
  poison-mpts redpajama-data-1t redpajama-data-v2 refinedweb ruozhiba rwkv-pretrain-web synthetic-text-to-sql
  tagengo-gpt4 tigerbot-law-zh ultrachat-200k wikipedia-cn-filtered
`);

const TUNERS = words('adalora adapter boft bone fourierft ia3 longlora reft unsloth vera');

const CODECS = words('aqlm auto-round eetq fbgemm-fp8 hqq modelopt mxfp4 nvfp4 quanto spqr vptq');

const QUANTIZERS = words('aqlm awq eetq fp8 gptq gptq_v2 hqq quanto');

/** Benchmarks of text that SWIFT 2.4 or its newer native backend asks. */
const EVALUATORS = words(`
  afqmc agieval AX_b AX_g bbh BoolQ bustm C3 CB ceval chid cluewsc cmb cmmlu cmnli CMRC competition_math COPA csl
  DRCD eprstmt GaokaoBench general_mcq general_qa gpqa_diamond hellaswag humaneval ifeval iquiz lambada lcsts math
  mbpp mmlu mmlu_pro MultiRC nq obqa ocnli ocnli_fc piqa race ReCoRD RTE siqa storycloze strategyqa summedits
  tnews trivia_qa triviaqa truthful_qa WiC winogrande WSC Xsum
`);

/** Benchmarks of images and video that SWIFT 2.4 asks. */
const MEDIA_EVALUATORS = words(`
  AesBench_TEST AesBench_VAL AI2D_TEST BLINK CCBench ChartQA_TEST COCO_VAL DocVQA_TEST DocVQA_VAL HallusionBench
  InfoVQA_TEST InfoVQA_VAL LLaVABench MathVision MathVision_MINI MathVista_MINI MLLMGuard_DS MMBench MMBench-Video
  MMBench_CN MMBench_CN_V11 MMBench_DEV_CN MMBench_DEV_CN_V11 MMBench_DEV_EN MMBench_DEV_EN_V11 MMBench_TEST_CN
  MMBench_TEST_CN_V11 MMBench_TEST_EN MMBench_TEST_EN_V11 MMBench_V11 MMDU MME MMLongBench_DOC MMMU_DEV_VAL
  MMMU_TEST MMStar MMT-Bench_ALL MMT-Bench_ALL_MI MMT-Bench_VAL MMT-Bench_VAL_MI MMVet MTVQA_TEST OCRBench
  OCRVQA_TEST OCRVQA_TESTCORE POPE RealWorldQA ScienceQA_TEST ScienceQA_VAL SEEDBench2 SEEDBench2_Plus
  SEEDBench_IMG TextVQA_VAL VCR_EN_EASY_100 VCR_EN_EASY_500 VCR_EN_EASY_ALL VCR_EN_HARD_100 VCR_EN_HARD_500
  VCR_EN_HARD_ALL VCR_ZH_EASY_100 VCR_ZH_EASY_500 VCR_ZH_EASY_ALL VCR_ZH_HARD_100 VCR_ZH_HARD_500 VCR_ZH_HARD_ALL
  Video-MME
`);

/** Why an id is not here, in a few words, by kind and id. */
const NOT_BUILT: Readonly<Partial<Record<PluginKind, ReadonlyMap<string, string>>>> = {
  model: new Map([
    ...MEDIA_MODELS.map((id) => [id, 'what it sees or hears with is not built yet'] as const),
    ...TEXT_MODELS.map((id) => [id, 'its architecture or head is not built yet'] as const),
  ]),
  dataset: new Map(DATASETS.map((id) => [id, 'it has no plugin yet'])),
  tuner: new Map(TUNERS.map((id) => [id, 'it has no plugin yet'])),
  codec: new Map(CODECS.map((id) => [id, 'it has no plugin yet'])),
  evaluator: new Map([
    ...EVALUATORS.map((id) => [id, 'it has no plugin yet'] as const),
    ...MEDIA_EVALUATORS.map((id) => [id, 'benchmarks of images and video are not built yet'] as const),
    ['ARC_e', 'its written answers to the validation split are not built; arc_easy asks the test split'],
    ['ARC_c', 'its written answers to the validation split are not built; arc_challenge asks the test split'],
  ]),
  quantizer: new Map(QUANTIZERS.map((id) => [id, 'it has no plugin yet'])),
};

/** Every id of a kind that SWIFT has and this registry does not. */
export function idsNotBuilt(kind: PluginKind): readonly string[] {
  return [...(NOT_BUILT[kind]?.keys() ?? [])];
}

/** Why SWIFT's id is not here; undefined when SWIFT has none of that name. Dots and underscores in versions are one. */
export function whyNotBuilt(kind: PluginKind, id: string): string | undefined {
  const plain = (name: string): string => name.toLowerCase().replaceAll(/(?<=\d)_(?=\d)/g, '.');
  const known = idsNotBuilt(kind).find((one) => plain(one) === plain(id));
  return known === undefined ? undefined : NOT_BUILT[kind]!.get(known);
}
