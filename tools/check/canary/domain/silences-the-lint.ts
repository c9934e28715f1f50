// caught by: no-restricted-properties
// eslint-disable-next-line no-restricted-properties
export const luck = (): number => Math.random();
