/** Updates after which the loss is compared, so that the optimisers are too; PyTorch's side has the same number. */
export const UPDATES_COMPARED = 2
