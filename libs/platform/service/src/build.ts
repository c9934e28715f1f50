/** Which build this process runs, for `producer` fields and logs: written in by `npm run build`. */
export const BUILD: string = process.env.TRADING_CORE_BUILD ?? 'source';
