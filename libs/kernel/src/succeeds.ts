/** Whether it comes to something; what it was, or why not, is not asked. */
export const succeeds = (work: Promise<unknown>): Promise<boolean> =>
  work.then(
    () => true,
    () => false,
  );
