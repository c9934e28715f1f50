// caught by: no-warning-comments
// TODO: everything
export const nothing = null;
