// caught by: no-restricted-globals
export const limit = (): string | undefined => process.env.LIMIT;
