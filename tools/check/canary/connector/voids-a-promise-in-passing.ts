// caught by: no-restricted-syntax
const answer = async (): Promise<void> => {};

export const handle = (): void => void answer();
