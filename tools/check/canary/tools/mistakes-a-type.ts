// caught by: typescript(TS2322)
export const volumeLots: number = '0.1';
