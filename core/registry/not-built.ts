/** Ids that SWIFT has and this registry does not yet: named as such instead of as a misspelling of what is here. */
import type { PluginKind } from './kinds.js';

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

/** Models that read images, video or sound, in ways that no plugin has. */
const MEDIA_MODELS = words(`
  cogagent-18b-chat cogagent-18b-instruct diffusiongemma-26b-a4b-it docowl2 emu3-chat emu3-gen
  ernie-4.5-vl-28b-a3b-base-pt ernie-4.5-vl-28b-a3b-pt ernie-4.5-vl-28b-a3b-thinking
  ernie-4.5-vl-424b-a47b-base-pt ernie-4.5-vl-424b-a47b-pt gemma-3n-e2b gemma-3n-e2b-it gemma-3n-e4b
  gemma-3n-e4b-it hunyuanocr kimi-k3 megrez-3b-omni mimo-v2.5 minicpm-v-4.6 minimax-m3 minimax-vl-01 molmo2-4b
  molmo2-8b molmo2-o-7b molmoe-1b-0924 moss-vl-base-0708 moss-vl-instruct-0708 mplug-owl3-1b-241014
  mplug-owl3-2b-241014 muse-glimmer-30b phi-4-multimodal-instruct qwen3-tts-12hz-0.6b-base
  qwen3-tts-12hz-0.6b-customvoice qwen3-tts-12hz-1.7b-base qwen3-tts-12hz-1.7b-customvoice step-audio-chat
  uembed-2b unlimited-ocr valley-eagle-7b
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
