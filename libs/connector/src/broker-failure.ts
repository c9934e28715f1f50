/** What brokers, networks and databases do, as opposed to defects of ours: it is told and tried again, never thrown on. */
export abstract class BrokerFailure extends Error {
  abstract readonly code: string;
}

/**
 * The broker's no to a login. `credentials`: it does not take them, and each attempt may lock the login for longer;
 * `disabled`: the login or its venue is not to be used as things stand; `full`: too many connections from here.
 */
export class LoginRefused extends BrokerFailure {
  readonly code = 'login-refused';

  constructor(
    readonly kind: 'credentials' | 'disabled' | 'full' | 'passing',
    readonly brokerCode: string,
  ) {
    super(`login refused: ${brokerCode || 'no reason given'}`);
  }
}

/** Nobody there, or nobody who listens; the message says why in a few words, without credentials. */
export class BrokerUnavailable extends BrokerFailure {
  readonly code = 'broker-unavailable';
}

/** The waiting line is full, or the session is gone: the turn did not and will not come. */
export class NoTurn extends BrokerFailure {
  readonly code = 'no-turn';
}

/** The broker did not answer in time, or went away: nothing is known about the outcome. */
export class NoAnswer extends BrokerFailure {
  readonly code = 'no-answer';
}

/** The broker answered a question with an error. `too-large`: it gives less at once. */
export class QuestionRefused extends BrokerFailure {
  readonly code = 'question-refused';

  constructor(
    readonly reason: 'too-large' | 'unknown-instrument' | 'unknown-period' | 'broker-error',
    text: string,
  ) {
    super(text.slice(0, 256));
  }
}

/** The broker's answer holds something that cannot be read: it is no answer, and nothing may be concluded from it. */
export class UnreadableAnswer extends BrokerFailure {
  readonly code = 'unreadable-answer';

  constructor(text: string) {
    super(text.slice(0, 512));
  }
}

/** The registry cannot be read or opened just now; whatever it said stays out of the message. */
export class CredentialsUnavailable extends BrokerFailure {
  readonly code = 'credentials-unavailable';
}
