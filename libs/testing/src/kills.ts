/** How often a spec kills what it runs: `KILLS`, as `npm run chaos` sets it, or as often as `npm test` has time for. */
export const killsOf = (usual: number): number => Number(process.env.KILLS ?? usual);
