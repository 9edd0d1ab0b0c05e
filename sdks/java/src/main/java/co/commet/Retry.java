// Owns when a failed attempt is worth another one, and how long to wait before it.
// Does not send and does not wait.
// Always: a refusal that would be given again (4xx) is not retried; chance only shortens a wait.
package co.commet;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;

final class Retry {
  private static final long FIRST_BACKOFF_MS = 1_000;
  private static final long LONGEST_BACKOFF_MS = 8_000;
  private static final Duration LONGEST_RETRY_AFTER = Duration.ofSeconds(30);
  private static final double JITTER_SHARE = 0.25;
  private static final Set<Integer> RETRIED_STATUSES = Set.of(408, 500, 502, 503, 504);

  private Retry() {}

  /** How long to wait after failed attempt number {@code attempt} (from 0); empty to give up. */
  static Optional<Duration> delay(CommetException failure, int attempt, double random) {
    if (failure instanceof CommetConnectionException) {
      return Optional.of(backoff(attempt, random));
    }
    if (!(failure instanceof CommetApiException refusal)) {
      return Optional.empty();
    }
    Optional<Duration> asked = Optional.ofNullable(refusal.getRetryAfter()).map(Retry::capped);
    if (refusal.getStatusCode() == 429) {
      return asked;
    }
    return isTransient(refusal)
        ? asked.or(() -> Optional.of(backoff(attempt, random)))
        : Optional.empty();
  }

  /** The first attempt may still be running on the server: its answer is there a moment later. */
  private static boolean isTransient(CommetApiException refusal) {
    return RETRIED_STATUSES.contains(refusal.getStatusCode())
        || "idempotency_in_progress".equals(refusal.getCode());
  }

  private static Duration capped(Duration asked) {
    return asked.compareTo(LONGEST_RETRY_AFTER) > 0 ? LONGEST_RETRY_AFTER : asked;
  }

  /** 1, 2, 4, 8, 8 … seconds, less up to a quarter so that clients cut off together spread out. */
  private static Duration backoff(int attempt, double random) {
    long full = Math.min(FIRST_BACKOFF_MS << Math.min(attempt, 10), LONGEST_BACKOFF_MS);
    return Duration.ofMillis(Math.round(full * (1 - JITTER_SHARE * random)));
  }
}
