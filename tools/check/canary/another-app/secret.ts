// The app that `imports-another-app.ts` reaches into; nothing is wrong here.
export const secret = 'what the other app must not know';
