/** How a connection ends, protocol section 12. The reason is the name; it never says more. */
export const closeCodes = {
  normal: 1000,
  going_away: 1001,
  binary_frame: 1003,
  message_too_big: 1009,
  internal_error: 1011,
  try_again_later: 1013,
  invalid_message_format: 4400,
  unauthorized: 4401,
  auth_timeout: 4408,
  too_many: 4429,
  session_max_age: 4440,
  slow_consumer: 4460,
  heartbeat_timeout: 4461,
} as const;
export type CloseName = keyof typeof closeCodes;
