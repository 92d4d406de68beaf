/**
 * What a model says of a supervised token: the log-probability of the label in nats, the entropy of the prediction in
 * nats, the mean of the logits, and 1 where the label has the largest logit, else 0.
 */
export const TOKEN_QUANTITIES = ['logp', 'entropy', 'mean_logit', 'correct'] as const;
export type TokenQuantity = (typeof TOKEN_QUANTITIES)[number];

/** Quantities of tokens, in their order. */
export type TokenValues<Q extends TokenQuantity = TokenQuantity> = Readonly<Record<Q, Float32Array>>;
