/**
 * What this package's plugins take, by kind: generated from registry.json by `npm run registry`; do not edit. A package
 * adds its own to these interfaces: `declare module 'swift-ts/plugin' { interface TunerFlags { readonly my_flag?: number } }`.
 */

export interface BackendFlags {
  /** threads of one operation (onnxruntime) */
  readonly threads?: number | null;
  /** which TensorFlow.js computes; AUTO takes what SWIFT_TFJS names, else the best that is installed (tfjs) */
  readonly tfjs_variant?: 'AUTO' | 'node-gpu' | 'node' | 'wasm' | 'cpu';
}

export interface EngineFlags {
  /** own: train in a process of its own; when the machine ends it, the command lives and says how to go on (local) */
  readonly engine_process?: 'this' | 'own';
}

export interface OptimizerFlags {
  /** decoupled weight decay of matrices (adamw_torch) */
  readonly weight_decay?: number;
  /** decay of the first moment (adamw_torch) */
  readonly adam_beta1?: number;
  /** decay of the second moment (adamw_torch) */
  readonly adam_beta2?: number;
  /** added to the denominator (adamw_torch) */
  readonly adam_epsilon?: number;
}

export interface PatcherFlags {
  /** special tokens that the model is to have; an entry that ends in .txt is a file with one on each line (new-special-tokens) */
  readonly new_special_tokens?: readonly string[];
  /** how rotary positions are stretched beyond those that the model has; needs max_model_len (rope-scaling) */
  readonly rope_scaling?: 'none' | 'linear' | 'dynamic' | 'yarn';
  /** positions that the model is to have, with rope_scaling (rope-scaling) */
  readonly max_model_len?: number | null;
}

export interface QuantizerFlags {
  /** columns that share a scale in 4 bits (bnb, rtn) */
  readonly quant_group_size?: number;
}

export interface RewardFlags {
  /** reward code: seconds that a program may run (code) */
  readonly code_time_limit?: number;
  /** reward code: MB of memory that it may use (code) */
  readonly code_memory_limit?: number;
  /** reward cosine: of a wrong answer without length (cosine) */
  readonly cosine_min_len_value_wrong?: number;
  /** reward cosine: of a wrong answer of the longest length (cosine) */
  readonly cosine_max_len_value_wrong?: number;
  /** reward cosine: of a right answer without length (cosine) */
  readonly cosine_min_len_value_correct?: number;
  /** reward cosine: of a right answer of the longest length (cosine) */
  readonly cosine_max_len_value_correct?: number;
  /** reward cosine: the longest length, in tokens (cosine) */
  readonly cosine_max_len?: number | null;
  /** reward repetition: words that are looked at together (repetition) */
  readonly repetition_n_grams?: number;
  /** reward repetition: of an answer that says one thing over and over (repetition) */
  readonly repetition_max_penalty?: number;
  /** reward soft_overlong: tokens at which the penalty is whole (soft_overlong) */
  readonly soft_max_length?: number | null;
  /** reward soft_overlong: tokens over which it grows to that (soft_overlong) */
  readonly soft_cache_length?: number | null;
}

export interface TrainerFlags {
  /** share of the preferences that are taken to be the wrong way round (cpo, simpo); share of the preferences that are taken to be the wrong way round; exo_pair takes 0.001 for 0 (dpo) */
  readonly label_smoothing?: number;
  /** reward by which the chosen answer should be ahead (SimPO) (cpo, simpo) */
  readonly simpo_gamma?: number;
  /** shape of rewards: α of AlphaPO's (1 − p^−α)/α; 0 is log p (cpo, simpo) */
  readonly alpha?: number;
  /** factor on how much more likely the chosen answer is (cpo); how much departing from the reference costs (dpo, kto); where the mixture lies that both are held against: 0 is KL(teacher‖student), 1 KL(student‖teacher) (gkd); how much departing from the reference costs; 0 needs none (grpo); τ of the paper: the preference per token aimed at is 1/(2β) (ipo); λ of the paper: weight of the odds ratio beside the cross entropy (orpo); factor on how much more likely per token the chosen answer is (simpo) */
  readonly beta?: number;
  /** shape of the loss (cpo); shape of the loss; of several, the weighted sum (dpo); infonce, triplet: what belongs to an anchor beside what does not; the others: pairs that are alike as their label says (embedding); pointwise_reranker: each document belongs or not; listwise_reranker: one that belongs among those that do not (generative_reranker, reranker); shape of the loss, and over what it is a mean (grpo); shape of the loss; apo_zero_unpaired takes the divergence from the reference to be 0 (kto) */
  readonly loss_type?:
    | 'sigmoid'
    | 'hinge'
    | 'ipo'
    | 'simpo'
    | readonly (
        | 'sigmoid'
        | 'hinge'
        | 'ipo'
        | 'robust'
        | 'exo_pair'
        | 'discopop'
        | 'sigmoid_norm'
        | 'bco_pair'
        | 'sppo_hard'
        | 'nca_pair'
        | 'apo_zero'
        | 'apo_down'
        | 'aot'
        | 'aot_unpaired'
        | 'sft'
      )[]
    | 'infonce'
    | 'cosine_similarity'
    | 'contrastive'
    | 'online_contrastive'
    | 'cosent'
    | 'triplet'
    | 'pointwise_reranker'
    | 'listwise_reranker'
    | 'grpo'
    | 'bnpo'
    | 'dr_grpo'
    | 'dapo'
    | 'cispo'
    | 'sapo'
    | 'kto'
    | 'apo_zero_unpaired';
  /** weight of the chosen answers' cross entropy beside the loss; 0 leaves it out (cpo); weight of the chosen answers' cross entropy beside the loss (CPO-SimPO) (simpo) */
  readonly cpo_alpha?: number;
  /** what each loss_type counts (dpo) */
  readonly loss_weights?: readonly number[];
  /** weight of the chosen answers' cross entropy beside the loss; 0 leaves it out (dpo) */
  readonly rpo_alpha?: number;
  /** weight of the tokens by which an answer is longer than the other one of its pair (LD-DPO) (dpo) */
  readonly ld_alpha?: number;
  /** temperature of the loss discopop (dpo) */
  readonly discopop_tau?: number;
  /** divergence from the reference that is kept small (dpo) */
  readonly f_divergence_type?: 'reverse_kl' | 'forward_kl' | 'js_divergence' | 'alpha_divergence';
  /** α of alpha_divergence (dpo) */
  readonly f_alpha_divergence_coef?: number;
  /** compare with no reference, as if it found every answer equally likely (dpo) */
  readonly reference_free?: boolean;
  /** cosines are divided by it (infonce) (embedding) */
  readonly infonce_temperature?: number;
  /** what belongs to other rows of the optimizer step does not belong to a row (infonce) (embedding) */
  readonly infonce_use_batch?: boolean;
  /** so many negatives of each row: the first ones, repeated where there are fewer (infonce) (embedding) */
  readonly infonce_hard_negatives?: number | null;
  /** leave out negatives that are nearer than the positive by infonce_fake_neg_margin (infonce) (embedding) */
  readonly infonce_mask_fake_negative?: boolean;
  /** by how much nearer, in cosines (infonce) (embedding) */
  readonly infonce_fake_neg_margin?: number;
  /** hold anchors against the other anchors too (infonce) (embedding) */
  readonly infonce_include_qq?: boolean;
  /** hold positives against what anchors are held against too (infonce) (embedding) */
  readonly infonce_include_dd?: boolean;
  /** by how much nearer what belongs to an anchor should be than what does not, in cosines (triplet) (embedding) */
  readonly triplet_margin?: number;
  /** scores are divided by it (listwise_reranker) (generative_reranker, reranker) */
  readonly listwise_reranker_temperature?: number;
  /** documents of a row that belong to its question: the first ones (generative_reranker, reranker) */
  readonly max_positive_samples?: number;
  /** documents of a row that do not: the first ones (generative_reranker, reranker) */
  readonly max_negative_samples?: number;
  /** the token that a document belongs, and the token that it does not, as the vocabulary writes them (generative_reranker) */
  readonly verdict_tokens?: readonly string[];
  /** longest answer, in tokens (gkd, grpo, ppo) */
  readonly max_completion_length?: number;
  /** of the distribution that answers are drawn from (gkd, grpo, ppo) */
  readonly temperature?: number;
  /** draw among so many of the likeliest tokens; -1: all (gkd, grpo, ppo) */
  readonly top_k?: number;
  /** draw among the likeliest tokens up to this probability (gkd, grpo, ppo) */
  readonly top_p?: number;
  /** divides the logits of tokens that are there already (gkd, grpo, ppo) */
  readonly repetition_penalty?: number;
  /** further texts that end an answer (gkd, grpo, ppo) */
  readonly stop_words?: readonly string[];
  /** keep the answers in completions.jsonl (gkd, grpo, ppo) */
  readonly log_completions?: boolean;
  /** chance that a step learns from the student's own answers instead of the rows' (gkd) */
  readonly lmbda?: number;
  /** where it does not, learn from the teacher's answers instead of the rows' (gkd) */
  readonly seq_kd?: boolean;
  /** hold predictions over so many of the teacher's likeliest tokens against each other (gkd) */
  readonly gkd_logits_topk?: number | null;
  /** weight of the cross entropy beside it, in steps that learn from answers which are not the student's (gkd) */
  readonly sft_alpha?: number;
  /** answers to each prompt, which are compared (grpo) */
  readonly num_generations?: number;
  /** optimizer steps that learn from the same answers (grpo) */
  readonly num_iterations?: number;
  /** how far below 1 a ratio of probabilities counts (grpo) */
  readonly epsilon?: number;
  /** how far above 1 it counts; with loss_type cispo, the largest ratio (grpo) */
  readonly epsilon_high?: number | null;
  /** largest ratio that counts at all, where the advantage is negative too (grpo) */
  readonly delta?: number | null;
  /** whose ratio: of each token, or of the whole answer (GSPO) (grpo) */
  readonly importance_sampling_level?: 'token' | 'sequence' | 'sequence_token';
  /** loss_type sapo: for better answers (grpo) */
  readonly tau_pos?: number;
  /** loss_type sapo: for worse ones (grpo) */
  readonly tau_neg?: number;
  /** what an answer is held against: the mean of its group, or of the others of it (grpo) */
  readonly advantage_estimator?: 'grpo' | 'rloo' | 'reinforce_plus_plus';
  /** whose spread divides: of the group, of all answers of a step, none, or each reward by itself (grpo) */
  readonly scale_rewards?: 'group' | 'batch' | 'none' | 'gdpo';
  /** draw other prompts instead of those whose answers are all worth the same (DAPO) (grpo) */
  readonly dynamic_sample?: boolean;
  /** how often, at most (grpo) */
  readonly max_resample_times?: number;
  /** learn nothing from answers that were cut off at max_completion_length (grpo) */
  readonly overlong_filter?: boolean;
  /** weight of good answers (kto) */
  readonly desirable_weight?: number;
  /** weight of bad answers (kto) */
  readonly undesirable_weight?: number;
  /** optimizer steps that learn from the same answers (ppo) */
  readonly num_ppo_epochs?: number;
  /** how much departing from the reference costs (ppo) */
  readonly kl_coef?: number;
  /** how far from 1 a ratio of probabilities counts (ppo) */
  readonly cliprange?: number;
  /** weight of the values' squared errors (ppo) */
  readonly vf_coef?: number;
  /** how far values move in a step (ppo) */
  readonly cliprange_value?: number;
  /** how much a later reward counts (ppo) */
  readonly gamma?: number;
  /** how far rewards are looked for beyond values (ppo) */
  readonly lam?: number;
  /** bring rewards to a spread of 1 (ppo) */
  readonly whiten_rewards?: boolean;
  /** taken off the reward of an answer that does not end by itself (ppo) */
  readonly missing_eos_penalty?: number | null;
  /** weight of a pull of each two rewards towards a sum of 0 (rm) */
  readonly center_rewards_coefficient?: number;
  /** classes, or numbers, that a conversation is scored with (seq_cls) */
  readonly num_labels?: number | null;
  /** what they are: classes of which one holds, classes of which any may, or numbers (seq_cls) */
  readonly problem_type?: 'single_label_classification' | 'multi_label_classification' | 'regression' | null;
  /** answer the validation rows at each evaluation, too, and log ROUGE and BLEU of the answers (sft) */
  readonly predict_with_generate?: boolean;
  /** longest of these answers, in tokens (sft) */
  readonly max_new_tokens?: number;
  /** weigh the cross entropy of each token by its probability (dynamic fine-tuning) (sft) */
  readonly enable_dft_loss?: boolean;
  /** log the mean loss of each channel: rows' column channel (sft) */
  readonly enable_channel_loss?: boolean;
}

export interface TunerFlags {
  /** full tuning: prefixes of parameters that stay frozen (full) */
  readonly freeze_parameters?: readonly string[];
  /** full tuning: share of the parameters, from the bottom, that stays frozen (full) */
  readonly freeze_parameters_ratio?: number;
  /** full tuning: prefixes that train even so (full) */
  readonly additional_trainable_parameters?: readonly string[];
  /** LISA: blocks that train at a time, drawn anew again and again; 0 trains all. Beside them embeddings, last norm and head (full) */
  readonly lisa_activated_layers?: number;
  /** LISA: steps between draws (full) */
  readonly lisa_step_interval?: number;
  /** models that see: the tower stays as it is (an adapter leaves it out of all-linear) (full, lora) */
  readonly freeze_vit?: boolean;
  /** models that see: what fits features to the language model stays as it is (an adapter leaves it out of all-linear) (full, lora) */
  readonly freeze_aligner?: boolean;
  /** models that see: the language model stays as it is (an adapter leaves it out of all-linear) (full, lora) */
  readonly freeze_llm?: boolean;
  /** LLaMA-Pro: blocks that are added (llamapro) */
  readonly llamapro_num_new_blocks?: number;
  /** LLaMA-Pro: equal groups of blocks, behind each of which some are added (llamapro) */
  readonly llamapro_num_groups?: number | null;
  /** linear layers to adapt, by name; DEFAULT is the model's own list, ALL (all-linear) every one but the head (lora) */
  readonly target_modules?: readonly string[];
  /** linear layers to adapt, by a regular expression over the whole module path (lora) */
  readonly target_regex?: string | null;
  /** modules trained and saved whole beside the adapter (lora) */
  readonly modules_to_save?: readonly string[];
  /** rank of the adapter (lora) */
  readonly lora_rank?: number;
  /** numerator of the scaling (lora) */
  readonly lora_alpha?: number;
  /** dropout on the adapter's input (lora) */
  readonly lora_dropout?: number;
  /** whether biases train (lora) */
  readonly lora_bias_trainable?: 'none' | 'all';
  /** scale by alpha / sqrt(rank) instead of alpha / rank (lora) */
  readonly use_rslora?: boolean;
  /** DoRA: the rows of a weight keep lengths of their own, which train as well (lora) */
  readonly use_dora?: boolean;
  /** how A starts: Kaiming-uniform or normal (lora) */
  readonly init_lora_weights?: 'true' | 'gaussian';
}
