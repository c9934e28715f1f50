// caught by: @typescript-eslint/no-floating-promises
const answer = async (): Promise<void> => {};

export const handle = (): void => void answer();
