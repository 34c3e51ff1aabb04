/** Thrown when a checkpoint cannot be had from the hub: which one, why, and what to do. */
export class HubError extends Error {
  override name = 'HubError'
}
