/** How long what was filled stays when nothing uses it any more, for a deployment that is taken back. */
export const OLD_BUILDS_KEPT = '7 days';
