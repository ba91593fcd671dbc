/** One epoch's numbers: loss in nats, accuracies 0..1. */
export interface Epoch {
  /** From 1. */
  readonly epoch: number;
  readonly loss: number;
  readonly accuracy: number;
  readonly valLoss: number | null;
  readonly valAccuracy: number | null;
  readonly learningRate: number;
}

/** `curves.json`: how a training went. */
export interface Curves {
  readonly model: string;
  readonly epochs: readonly Epoch[];
  /** The epoch whose weights were kept. */
  readonly best: number;
}
