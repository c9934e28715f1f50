// caught by: no-restricted-syntax
export const today = (): string => new Date().toISOString();
