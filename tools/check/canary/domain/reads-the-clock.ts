// caught by: no-restricted-properties
export const age = (madeAt: number): number => Date.now() - madeAt;
