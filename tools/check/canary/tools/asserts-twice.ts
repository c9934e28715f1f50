// caught by: no-restricted-syntax
export const wrong = (text: string): number => text as unknown as number;
